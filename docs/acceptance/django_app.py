"""A Django site in one file that asks for the acceptance of the terms. CENTER is the address of the privacy center."""

import json
import os

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import path
from store import Acceptances

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1"], SECRET_KEY=os.environ.get("SECRET_KEY", "example"))
django.setup()
acceptances = Acceptances(os.environ["CENTER"])


# Your own site answers this for the account that is signed in, with Django's protection against forged requests.
def terms(request, account):
    if request.method == "GET":
        return JsonResponse({"ask": acceptances.must_accept(account, "terms")})
    error = acceptances.accept(account, json.loads(request.body))
    return JsonResponse({"error": error}, status=409 if error else 201)


urlpatterns = [path("terms/<account>", terms)]
app = get_wsgi_application()

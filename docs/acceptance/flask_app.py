"""A Flask server that asks for the acceptance of the terms. CENTER is the address of the privacy center."""

import os

from flask import Flask, jsonify, request
from store import Acceptances

acceptances = Acceptances(os.environ["CENTER"])
app = Flask(__name__)


@app.get("/terms/<account>")
def ask(account):
    return jsonify(ask=acceptances.must_accept(account, "terms"))


@app.post("/terms/<account>")
def accept(account):
    error = acceptances.accept(account, request.get_json())
    return jsonify(error=error), 409 if error else 201

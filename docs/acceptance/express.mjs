// An Express server that asks for the acceptance of the terms. CENTER is the address of the privacy center.
import express from "express";
import { Acceptances } from "./store.mjs";

const acceptances = new Acceptances(process.env.CENTER);
const app = express();
app.use(express.json());

app.get("/terms/:account", async (request, response) => {
  response.json({ ask: await acceptances.mustAccept(request.params.account, "terms") });
});

app.post("/terms/:account", async (request, response) => {
  const error = await acceptances.accept(request.params.account, request.body);
  response.status(error ? 409 : 201).json({ error });
});

const server = app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", () => console.log(server.address().port));

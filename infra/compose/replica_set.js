// Makes MongoDB's replica set of one node on the first start, and waits until it takes writes.
const fs = require("fs");

const WAIT_MS = 60000;
const admin = db.getSiblingDB("admin");
admin.auth("doudi", fs.readFileSync("/run/secrets-of/mongo/password", "utf8").trim());
try {
  rs.status();
} catch (error) {
  if (error.codeName !== "NotYetInitialized") throw error;
  rs.initiate({ _id: "doudi", members: [{ _id: 0, host: "mongo:27017" }] });
}
const deadline = Date.now() + WAIT_MS;
while (!db.hello().isWritablePrimary) {
  if (Date.now() > deadline) throw new Error("the replica set has no primary");
  sleep(200);
}

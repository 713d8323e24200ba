/** `vestibule keys rotate --only-seal` in a process of its own, to be killed: `node seal-anew-process.ts <database url> <keys>`. */
import { Keyring } from "../../src/crypto/keyring.ts";
import { connect } from "../../src/db/connect.ts";
import { sealAnew } from "../../src/keys/seal-anew.ts";

const [, , url = "", keys = ""] = process.argv;
const db = connect(url);
await sealAnew({ db, config: { keyring: new Keyring(keys) }, clock: Date.now });
await db.destroy();

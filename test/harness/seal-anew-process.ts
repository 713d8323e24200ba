/** `vestibule keys rotate --only-seal` in a process of its own, killed after so many statements: `node seal-anew-process.ts <database url> <keys> <statements>`. */
import { Keyring } from "../../src/crypto/keyring.ts";
import { connect } from "../../src/db/connect.ts";
import { sealAnew } from "../../src/keys/seal-anew.ts";

const [, , url = "", keys = "", most = ""] = process.argv;
let sent = 0;
const db = connect(url, () => {
	if (++sent === Number(most)) process.kill(process.pid, "SIGKILL");
});
await sealAnew({ db, config: { keyring: new Keyring(keys) }, clock: Date.now });
await db.destroy();

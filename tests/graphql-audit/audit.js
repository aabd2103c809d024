// Runs the public graphql-http audit against a running Kontor: node audit.js http://127.0.0.1:8080/graphql
// Prints one line for each rule that does not hold, then how many did; exits with 1 where one does not.
import { auditServer } from 'graphql-http';

const url = process.argv[2];
if (!url) {
  console.error('Usage: node audit.js URL');
  process.exit(2);
}
const results = await auditServer({ url });
const unmet = results.filter((result) => result.status !== 'ok');
for (const { id, name, status, reason } of unmet) console.log(`${status} ${id} ${name}: ${reason}`);
console.log(`${results.length - unmet.length} of ${results.length} ok`);
process.exit(unmet.length === 0 && results.length > 0 ? 0 : 1);

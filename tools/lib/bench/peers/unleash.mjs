// SPDX-License-Identifier: GPL-3.0-or-later
// unleash-server with its defaults. Copied to where it is installed. Arguments: the folder of PostgreSQL's
// socket, role, database, port; the tokens come by its environment variables. Prints the port.
import { start } from 'unleash-server';

const [host, user, database, port] = process.argv.slice(2);
await start({
    db: { host, user, database, password: '', port: 5432, ssl: false },
    server: { host: '127.0.0.1', port: Number(port) },
    logLevel: 'error',
    disableLegacyFeaturesApi: true,
    versionCheck: { enable: false },
    telemetry: false,
});
console.log(`port ${port}`);

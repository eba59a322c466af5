// SPDX-License-Identifier: GPL-3.0-or-later
// Certificates that sign themselves, made when they are needed.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class Certificates {
    constructor() {
        this.folder = mkdtempSync(join(tmpdir(), 'mete-tls-'));
    }

    path(name) {
        return join(this.folder, name);
    }

    text(name) {
        return readFileSync(this.path(name), 'utf8');
    }

    /* NAME.crt and NAME.key, for 127.0.0.1 and localhost; the common name is the name. */
    make(name) {
        execFileSync(
            'openssl',
            [
                'req',
                '-x509',
                '-newkey',
                'ec',
                '-pkeyopt',
                'ec_paramgen_curve:P-256',
                '-nodes',
                '-days',
                '30',
                '-subj',
                `/CN=${name}`,
                '-addext',
                'subjectAltName=IP:127.0.0.1,DNS:localhost',
                '-keyout',
                this.path(`${name}.key`),
                '-out',
                this.path(`${name}.crt`),
            ],
            { stdio: 'pipe' },
        );
        return { certificate: this.path(`${name}.crt`), key: this.path(`${name}.key`) };
    }

    remove() {
        rmSync(this.folder, { recursive: true, force: true });
    }
}

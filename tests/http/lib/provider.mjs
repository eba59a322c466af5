// SPDX-License-Identifier: GPL-3.0-or-later
// A small OpenID provider for tests, that does wrong whatever a test wants: 'grant' makes a code whose ID token, header
// and signature are as told. What it is asked at the token endpoint it checks as a provider does.
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import http from 'node:http';

export const CLIENT_ID = 'mete & co';
export const CLIENT_SECRET = 'p%ss/w?rd:+';

const encode = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

export function newKey(kid, kind = 'rsa') {
    const options = kind === 'rsa' ? { modulusLength: 2048 } : { namedCurve: 'P-256' };
    const { privateKey, publicKey } = generateKeyPairSync(kind, options);
    const alg = kind === 'rsa' ? 'RS256' : 'ES256';
    return { kid, alg, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' } };
}

export const signed = (text, key) =>
    sign('sha256', Buffer.from(text), { key: key.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url');

export function makeToken(claims, key, { header = {}, signature } = {}) {
    const text = `${encode({ alg: key.alg, kid: key.kid, typ: 'JWT', ...header })}.${encode(claims)}`;
    return `${text}.${signature ? signature(text) : signed(text, key)}`;
}

export class Provider {
    async start() {
        this.keys = [newKey('one'), newKey('two', 'ec')];
        this.codes = new Map();
        this.asked = [];
        this.answers = {}; /* path: {status, body} instead of what would be answered */
        this.http = http.createServer((request, response) => this.#on(request, response));
        await new Promise((resolve) => this.http.listen(0, '127.0.0.1', resolve));
        this.issuer = `http://127.0.0.1:${this.http.address().port}`;
        return this;
    }

    stop() {
        this.http.closeAllConnections();
        return new Promise((resolve) => this.http.close(resolve));
    }

    description() {
        const at = (path) => `${this.issuer}/${path}`;
        return {
            issuer: this.issuer,
            authorization_endpoint: at('authorize?tenant=1'),
            token_endpoint: at('token'),
            userinfo_endpoint: at('userinfo'),
            jwks_uri: at('jwks'),
        };
    }

    /* A code that stands for an ID token; 'asked' is what the browser brought: nonce, code_challenge, redirect_uri. */
    grant(asked, { claims = {}, key = this.keys[0], userinfo, token, ...rest } = {}) {
        const code = randomBytes(12).toString('hex');
        const now = Math.floor(Date.now() / 1000);
        const all = {
            iss: this.issuer,
            aud: CLIENT_ID,
            sub: 'person-1',
            nonce: asked.get('nonce'),
            iat: now,
            exp: now + 300,
            email: 'ann@shop.example',
            email_verified: true,
            ...claims,
        };
        this.codes.set(code, { asked, userinfo, token: token ?? makeToken(all, key, rest) });
        return code;
    }

    #on(request, response) {
        const path = new URL(request.url, this.issuer).pathname;
        let body = '';
        request.on('data', (bytes) => (body += bytes));
        request.on('end', () => {
            this.asked.push(path);
            const { status = 200, body: answer } = this.answers[path] ?? this.#answer(path, request, body);
            response.writeHead(status, { 'Content-Type': 'application/json' });
            response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
        });
    }

    #answer(path, request, body) {
        if (path === '/.well-known/openid-configuration') return { body: this.description() };
        if (path === '/jwks') return { body: { keys: this.keys.map(({ jwk }) => jwk) } };
        if (path === '/token') return this.#redeem(request, new URLSearchParams(body));
        if (path === '/userinfo') return this.#tell(request);
        return { status: 404, body: {} };
    }

    #redeem(request, form) {
        const found = this.codes.get(form.get('code'));
        const basic = Buffer.from(`${encodeURIComponent(CLIENT_ID)}:${encodeURIComponent(CLIENT_SECRET)}`);
        if (request.headers.authorization !== `Basic ${basic.toString('base64')}`)
            return { status: 401, body: { error: 'invalid_client' } };
        const challenge = createHash('sha256').update(form.get('code_verifier')).digest('base64url');
        const isFine =
            found &&
            form.get('grant_type') === 'authorization_code' &&
            form.get('redirect_uri') === found.asked.get('redirect_uri') &&
            challenge === found.asked.get('code_challenge');
        this.codes.delete(form.get('code'));
        if (!isFine) return { status: 400, body: { error: 'invalid_grant' } };
        this.info = found.userinfo;
        return { body: { access_token: 'access', token_type: 'Bearer', id_token: found.token } };
    }

    #tell(request) {
        if (request.headers.authorization !== 'Bearer access') return { status: 401, body: {} };
        return { body: this.info ?? {} };
    }
}

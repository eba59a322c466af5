// SPDX-License-Identifier: GPL-3.0-or-later
// Requests that break the rules of RFC 9112, each with the status that the server gives. HEADS are
// refused by what stands in the head, on any port; BODIES reach the chunks, so they need a key.

/* What hides behind each of them. */
export const SMUGGLED = 'GET /livez HTTP/1.1\r\nHost: h\r\n\r\n';

const request = (first, ...lines) => [first, ...lines, '', ''].join('\r\n');
const post = (...lines) => request('POST /v1/events HTTP/1.1', 'Host: h', ...lines);
const get = (...lines) => request('GET /livez HTTP/1.1', 'Host: h', ...lines);
const line = (first) => request(first, 'Host: h');
const host = (value) => request('GET /livez HTTP/1.1', `Host:${value}`);
const EMPTY = '0\r\n\r\n';
const HIDING = `Content-Length: ${SMUGGLED.length}`;

const LENGTHS = [
    ['two equal lengths', 400, post('Content-Length: 3', 'Content-Length: 3') + 'abc'],
    ['two different lengths', 400, post('Content-Length: 0', HIDING)],
    ['a list of lengths', 400, post('Content-Length: 3, 3') + 'abc'],
    ['a list that ends in a comma', 400, post('Content-Length: 3,') + 'abc'],
    ['a signed length', 400, post('Content-Length: +3') + 'abc'],
    ['a length below zero', 400, post('Content-Length: -1')],
    ['a length of two words', 400, post('Content-Length: 3 4') + 'abc'],
    ['a hexadecimal length', 400, post('Content-Length: 0x3') + 'abc'],
    ['a length with a point', 400, post('Content-Length: 3.0') + 'abc'],
    ['a length in quotes', 400, post('Content-Length: "3"') + 'abc'],
    ['a length of no digit', 400, post('Content-Length:')],
    ['a length beyond 64 bits', 400, post('Content-Length: 18446744073709551619') + 'abc'],
    ['a length beyond all bits', 400, post(`Content-Length: ${'9'.repeat(200)}`)],
    ["a space before the length's colon", 400, post('Content-Length : 3') + 'abc'],
    ['HEAD with a body', 400, request('HEAD /livez HTTP/1.1', 'Host: h', HIDING)],
    ['GET with a body', 400, get(HIDING)],
];

const CODINGS = [
    ['length, then coding', 400, post('Content-Length: 5', 'Transfer-Encoding: chunked') + EMPTY],
    ['coding, then length', 400, post('Transfer-Encoding: chunked', 'Content-Length: 5') + EMPTY],
    ['two codings', 400, post('Transfer-Encoding: chunked', 'Transfer-Encoding: identity') + EMPTY],
    ['chunked in two headers', 400, post('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked') + EMPTY],
    ['a list of codings', 400, post('Transfer-Encoding: identity, chunked') + EMPTY],
    ['chunked twice', 400, post('Transfer-Encoding: chunked, chunked') + EMPTY],
    ['chunked, then nothing', 400, post('Transfer-Encoding: chunked,') + EMPTY],
    ['nothing, then chunked', 400, post('Transfer-Encoding: ,chunked') + EMPTY],
    ['chunked with a parameter', 400, post('Transfer-Encoding: chunked;a=b') + EMPTY],
    ['chunked in quotes', 400, post('Transfer-Encoding: "chunked"') + EMPTY],
    ['nearly chunked', 400, post('Transfer-Encoding: xchunked') + EMPTY],
    ['a vertical tab before chunked', 400, post('Transfer-Encoding: \vchunked') + EMPTY],
    ['a NUL behind chunked', 400, post('Transfer-Encoding: chunked\0') + EMPTY],
    ['a space before the colon', 400, post('Transfer-Encoding : chunked') + EMPTY],
    ['a tab before the colon', 400, post('Transfer-Encoding\t: chunked') + EMPTY],
    ['chunked on a folded line', 400, post('Transfer-Encoding:', ' chunked') + EMPTY],
    ['an unknown coding', 501, post('Transfer-Encoding: gzip')],
    ['a coding without a name', 501, post('Transfer-Encoding:')],
    ['a coding in HTTP/1.0', 400, post('Transfer-Encoding: chunked').replace('1.1', '1.0') + EMPTY],
    ['GET in chunks', 400, get('Transfer-Encoding: chunked') + EMPTY],
];

const HEADERS = [
    ['a folded header', 400, post('X: y', ' Content-Length: 3') + 'abc'],
    ['a header folded by a tab', 400, post('X: y', '\tContent-Length: 3') + 'abc'],
    ['a folded first header', 400, request('GET /livez HTTP/1.1', ' Host: h')],
    ['a bare LF after a header', 400, post('X: y\nContent-Length: 3') + 'abc'],
    ['a bare CR in a header', 400, post('X: y\rContent-Length: 3') + 'abc'],
    ['two CR at the end of a header', 400, post('X: y\r', 'Content-Length: 3') + 'abc'],
    ['a bare LF before the end', 400, 'GET /livez HTTP/1.1\r\nHost: h\n\r\n'],
    ['a bare LF at the end', 400, 'GET /livez HTTP/1.1\r\nHost: h\r\n\n'],
    ['a NUL in a header', 400, post('X: \0')],
    ['a NUL in a name', 400, post('X\0: y')],
    ['a control character in a header', 400, get('X: a\x01b')],
    ['DEL in a header', 400, get('X: a\x7fb')],
    ['a header without a colon', 400, get('X')],
    ['a header without a name', 400, get(': y')],
    ['a name of two words', 400, get('X Y: z')],
    ['a bracket in a name', 400, get('X(Y): z')],
    ['a name beyond ASCII', 400, get('X\xe9: y')],
    ['an unknown expectation', 417, post('Expect: 200-ok', 'Content-Length: 3') + 'abc'],
    ['headers without end', 431, get(`X: ${'y'.repeat(70_000)}`)],
    ['too many headers', 431, get(...Array.from({ length: 1_000 }, (_, i) => `X-${i}: y`))],
];

const HOSTS = [
    ['no Host', 400, request('GET /livez HTTP/1.1')],
    ['two Hosts', 400, request('GET /livez HTTP/1.1', 'Host: a', 'Host: b')],
    ['the same Host twice', 400, request('GET /livez HTTP/1.1', 'Host: a', 'Host: a')],
    ['two Hosts in a list', 400, host(' a, b')],
    ['a Host of two words', 400, host(' a b')],
    ['a Host with a user', 400, host(' a@b')],
    ['a Host with a path', 400, host(' a/b')],
    ['a target of another host', 400, request('GET http://a/livez HTTP/1.1', 'Host: b')],
];

const LINES = [
    ['two spaces before the target', 400, line('GET  /livez HTTP/1.1')],
    ['two spaces before the version', 400, line('GET /livez  HTTP/1.1')],
    ['a tab before the target', 400, line('GET\t/livez HTTP/1.1')],
    ['a space before the method', 400, line(' GET /livez HTTP/1.1')],
    ['a space behind the version', 400, line('GET /livez HTTP/1.1 ')],
    ['a space in the target', 400, line('GET /li vez HTTP/1.1')],
    ['a NUL in the target', 400, line('GET /livez\0 HTTP/1.1')],
    ['a CR in the target', 400, line('GET /livez\r HTTP/1.1')],
    ['a fragment in the target', 400, line('GET /livez#a HTTP/1.1')],
    ['a target without a slash', 400, line('GET livez HTTP/1.1')],
    ['a star for GET', 400, line('GET * HTTP/1.1')],
    ['no version', 400, line('GET /livez')],
    ['a small version', 400, line('GET /livez http/1.1')],
    ['a long version', 400, line('GET /livez HTTP/01.1')],
    ['a version of the future', 505, line('GET /livez HTTP/1.2')],
    ['a bare LF behind the version', 400, 'GET /livez HTTP/1.1\nHost: h\r\n\r\n'],
    ['a bracket in the method', 400, line('GE(T /livez HTTP/1.1')],
    ['a small method', 501, line('get /livez HTTP/1.1')],
    ['a tunnel', 501, 'CONNECT h:80 HTTP/1.1\r\nHost: h:80\r\n\r\n'],
    ['the preface of HTTP/2', 505, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
];

export const HEADS = [...LENGTHS, ...CODINGS, ...HEADERS, ...HOSTS, ...LINES];

const chunks = (text) => (key) => post(`Authorization: Bearer ${key}`, 'Transfer-Encoding: chunked') + text;

export const BODIES = [
    ['a chunk size with a prefix', 400, chunks(`0x2\r\n{}\r\n${EMPTY}`)],
    ['a signed chunk size', 400, chunks(`+2\r\n{}\r\n${EMPTY}`)],
    ['a chunk size below zero', 400, chunks(`-2\r\n{}\r\n${EMPTY}`)],
    ['a chunk size with an underscore', 400, chunks(`0_2\r\n{}\r\n${EMPTY}`)],
    ['a space before a chunk size', 400, chunks(` 2\r\n{}\r\n${EMPTY}`)],
    ['a space behind a chunk size', 400, chunks(`2 \r\n{}\r\n${EMPTY}`)],
    ['no chunk size', 400, chunks(`\r\n{}\r\n${EMPTY}`)],
    ['a chunk size beyond 32 bits', 400, chunks(`100000002\r\n{}\r\n${EMPTY}`)],
    ['a chunk size beyond 64 bits', 400, chunks(`10000000000000002\r\n{}\r\n${EMPTY}`)],
    ['a bare LF behind a chunk size', 400, chunks(`2\n{}\r\n${EMPTY}`)],
    ['a bare CR behind a chunk size', 400, chunks(`2\r{}\r\n${EMPTY}`)],
    ['two CR behind a chunk size', 400, chunks(`2\r\r\n{}\r\n${EMPTY}`)],
    ['a bare LF in an extension', 400, chunks(`2;a\nb\r\n{}\r\n${EMPTY}`)],
    ['a bare CR in an extension', 400, chunks(`2;a\rb\r\n{}\r\n${EMPTY}`)],
    ['a NUL in an extension', 400, chunks(`2;a\0\r\n{}\r\n${EMPTY}`)],
    ['an extension without end', 400, chunks(`2;${'a'.repeat(70_000)}\r\n{}\r\n${EMPTY}`)],
    ['a chunk longer than its size', 400, chunks(`2\r\n{} \r\n${EMPTY}`)],
    ['a chunk ended by a bare LF', 400, chunks(`2\r\n{}\n${EMPTY}`)],
    ['a chunk ended by a bare CR', 400, chunks(`2\r\n{}\r${EMPTY}`)],
    ['a last chunk ended by LF', 400, chunks('2\r\n{}\r\n0\n\n')],
    ['a trailer without a colon', 400, chunks('2\r\n{}\r\n0\r\nX\r\n\r\n')],
    ["a space before a trailer's colon", 400, chunks('2\r\n{}\r\n0\r\nX : y\r\n\r\n')],
    ['a folded trailer', 400, chunks('2\r\n{}\r\n0\r\n X: y\r\n\r\n')],
    ['a bare LF behind a trailer', 400, chunks('2\r\n{}\r\n0\r\nX: y\n\r\n')],
    ['a NUL in a trailer', 400, chunks('2\r\n{}\r\n0\r\nX: \0\r\n\r\n')],
    ['trailers without end', 400, chunks(`2\r\n{}\r\n0\r\nX: ${'y'.repeat(70_000)}\r\n\r\n`)],
];

// SPDX-License-Identifier: GPL-3.0-or-later
// Holds every reply of a server under test against what its port says of itself (OpenAPI): a status,
// a type or a member that the description does not know, or a sentence that pages do not, fails the test that met it.
import { complaintsIn } from './schema.mjs';
import { unforeseen } from './sentences.mjs';

const descriptions = new Map();

/* What HTTP itself refuses, before a route is asked. */
const BY_HTTP = [400, 408, 413, 417, 421, 431, 501, 503, 505];

/* From now on, replies of this port are checked. */
export function setDescription(baseUrl, api) {
    descriptions.set(new URL(baseUrl).origin, { api, paths: Object.keys(api.paths).map(pathPattern) });
}

export function forgetDescription(baseUrl) {
    descriptions.delete(new URL(baseUrl).origin);
}

/* Throws when the reply to {method, path} is not as described; says nothing of ports without a description. */
export function checkReply(url, asked, reply) {
    const description = descriptions.get(url.origin);
    if (!description) return;
    const complaints = [...complaintsOfReply(description, asked, reply), ...unforeseen(asked.path, reply)];
    if (complaints.length === 0) return;
    const { method, path } = asked;
    throw new Error(
        `${method} ${path}: ${reply.status} is not as described: ${complaints.join('; ')}\n` +
            reply.text.slice(0, 2000),
    );
}

function pathPattern(path) {
    const source = path
        .split(/\{\w+\}/)
        .map((part) => part.replace(/[.*+?^$()[\]\\|]/g, '\\$&'))
        .join('[^/]+');
    return { path, pattern: new RegExp(`^${source}$`) };
}

/* The server takes the first row that fits, and rows without parameters stand before those with. */
function findPath({ paths }, path) {
    const plain = path.split('?')[0];
    return (paths.find((known) => known.path === plain) ?? paths.find(({ pattern }) => pattern.test(plain)))?.path;
}

function complaintsOfReply(description, { method, path }, reply) {
    const { api } = description;
    const known = findPath(description, path);
    const verb = (method === 'HEAD' ? 'GET' : method).toLowerCase();
    const operation = api.paths[known]?.[verb];
    if (!operation) return complaintsOfAbsent(api, method, known ? 405 : 404, reply);
    const said =
        operation.responses[reply.status] ?? (BY_HTTP.includes(reply.status) ? operation.responses.default : undefined);
    if (!said) return ['the status is not described'];
    return method === 'HEAD' ? [] : complaintsOfBody(api, said, reply);
}

/* A page of another origin may ask first, whatever the path. */
function complaintsOfAbsent(api, method, status, reply) {
    if (method === 'OPTIONS' && reply.status === 204) return [];
    if (reply.status !== status && !BY_HTTP.includes(reply.status))
        return [`there is no such route, which is a ${status}`];
    return method === 'HEAD' ? [] : complaintsIn(api, { $ref: '#/components/schemas/problem' }, reply.body);
}

function complaintsOfBody(api, said, reply) {
    if (!said.content) return reply.text === '' ? [] : ['a body is not described'];
    const type = (reply.headers['content-type'] ?? '').split(';')[0];
    const content = said.content[type];
    if (!content) return [`the type ${type} is not described`];
    return /json$/.test(type) ? complaintsIn(api, content.schema, reply.body) : [];
}

// SPDX-License-Identifier: GPL-3.0-or-later
// The admin API: JSON in and out, problems (RFC 9457) as errors that know their field.

import { t } from './i18n';
import { said } from './sentences';

export interface Problem {
    status: number;
    title: string;
    detail: string;
    pointer: string; // JSON pointer of the field, '' when it is about the whole
}

export class ApiError extends Error {
    readonly status: number;
    readonly pointer: string;

    constructor(problem: Problem) {
        super(said(problem.detail) || t('error.status', { status: String(problem.status) }));
        this.status = problem.status;
        this.pointer = problem.pointer;
    }
}

/* An error whose message is ours, in the reader's language. */
export class SaidError extends Error {}

export interface Reply<T> {
    body: T;
    etag: string | null;
}

let environment: string | null = null;

/* Which environment all further requests are about; null: the user's first. */
export function setEnvironment(key: string | null): void {
    environment = key;
}

/* The address of a path of the API ("/campaigns?limit=10"), for requests and for downloads; a path may name its
   environment itself. */
export function apiUrl(path: string): string {
    if (!environment || /[?&]environment=/.test(path)) return `/api/v1${path}`;
    return `/api/v1${path}${path.includes('?') ? '&' : '?'}environment=${encodeURIComponent(environment)}`;
}

async function problemOf(response: Response): Promise<Problem> {
    const found = (await response.json().catch(() => ({}))) as Partial<Problem>;
    return {
        status: response.status,
        title: found.title ?? response.statusText,
        detail: found.detail ?? '',
        pointer: found.pointer ?? '',
    };
}

async function send(method: string, path: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
        response = await fetch(apiUrl(path), { method, credentials: 'same-origin', ...init });
    } catch (cause) {
        if ((cause as Error).name === 'AbortError') throw cause;
        throw new ApiError({ status: 0, title: 'offline', detail: '', pointer: '' });
    }
    if (!response.ok) throw new ApiError(await problemOf(response));
    return response;
}

/* A server that has too much to do says so before it begins: what changes nothing is then asked again, after the
   second it wants to be left alone. */
const TRIES = 5;
const REST_MS = 1000;

async function sendAgain(method: string, path: string, init: RequestInit): Promise<Response> {
    for (let tries = 1; ; tries += 1) {
        try {
            return await send(method, path, init);
        } catch (cause) {
            if (!(cause instanceof ApiError) || cause.status !== 503 || tries === TRIES) throw cause;
            await new Promise((resolve) => setTimeout(resolve, REST_MS));
            init.signal?.throwIfAborted();
        }
    }
}

async function read<T>(response: Response): Promise<Reply<T>> {
    const text = await response.text();
    return { body: (text ? JSON.parse(text) : undefined) as T, etag: response.headers.get('etag') };
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<Reply<T>> {
    return read<T>(await sendAgain('GET', path, signal ? { signal } : {}));
}

const json = (type: string, body: unknown): RequestInit => ({
    headers: { 'Content-Type': type },
    body: JSON.stringify(body),
});

/* A POST that only asks: nothing is different afterwards. */
export async function ask<T>(path: string, body: unknown): Promise<Reply<T>> {
    return read<T>(await sendAgain('POST', path, json('application/json', body)));
}

/* POST, PUT, PATCH and DELETE. With 'etag' the change is refused (412) when somebody else was first. */
export async function change<T>(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    etag?: string | null,
): Promise<Reply<T>> {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const init = body === undefined ? {} : json(type, body);
    return read<T>(
        await send(method, path, { ...init, headers: { ...init.headers, ...(etag && { 'If-Match': etag }) } }),
    );
}

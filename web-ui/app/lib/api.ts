// SPDX-License-Identifier: GPL-3.0-or-later
// The admin API: JSON in and out, problems (RFC 9457) as errors that know their field.

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
        super(problem.detail || problem.title);
        this.status = problem.status;
        this.pointer = problem.pointer;
    }
}

export interface Reply<T> {
    body: T;
    etag: string | null;
}

let environment: string | null = null;

/* Which environment all further requests are about; null: the user's first. */
export function setEnvironment(key: string | null): void {
    environment = key;
}

/* The address of a path of the API ("/campaigns?limit=10"), for requests and for downloads. */
export function apiUrl(path: string): string {
    if (!environment) return `/api/v1${path}`;
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

async function read<T>(response: Response): Promise<Reply<T>> {
    const text = await response.text();
    return { body: (text ? JSON.parse(text) : undefined) as T, etag: response.headers.get('etag') };
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<Reply<T>> {
    return read<T>(await send('GET', path, signal ? { signal } : {}));
}

/* POST, PATCH and DELETE. With 'etag' the change is refused (412) when somebody else was first. */
export async function change<T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown, etag?: string | null): Promise<Reply<T>> {
    const headers: Record<string, string> = {};
    if (body !== undefined) {
        headers['Content-Type'] = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    }
    if (etag) headers['If-Match'] = etag;
    return read<T>(await send(method, path, { headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }));
}

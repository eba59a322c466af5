// SPDX-License-Identifier: GPL-3.0-or-later
// What a process has used, as the kernel counts it.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/* Seconds on a processor, in the program and in the kernel. */
function cpuSeconds(pid) {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { user: Number(fields[11]) / TICKS, system: Number(fields[12]) / TICKS };
}

/* run() resolves with {requests, …}; what comes back has the processor time of each of them too. */
export async function withCpu(pid, run) {
    const before = cpuSeconds(pid);
    const figures = await run();
    const after = cpuSeconds(pid);
    const each = (kind) => ((after[kind] - before[kind]) * 1e6) / figures.requests;
    return { ...figures, user_us: each('user'), system_us: each('system') };
}

/* Bytes of memory that stand in RAM: all, and those that are no file's. */
export function memory(pid) {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const bytes = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)[1]) * 1024;
    return { rss_bytes: bytes('VmRSS'), anonymous_bytes: bytes('RssAnon') };
}

export const machine = () => ({
    cpu: cpus()[0].model,
    cores: cpus().length,
    date: new Date().toISOString().slice(0, 10),
});

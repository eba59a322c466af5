// SPDX-License-Identifier: GPL-3.0-or-later
// The changes that tools/mutate makes: all rooms, each in a file of its own beside this one.
import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('.', import.meta.url);
const rooms = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort();

export const mutants = rooms.flatMap((room) => JSON.parse(readFileSync(new URL(room, folder), 'utf8')));

// SPDX-License-Identifier: MIT
export { createClient, type Client } from './core/client';
export type { Attributes, Change, Decision, Options, Reply, Triggers, Value } from './core/types';

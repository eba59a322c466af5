// SPDX-License-Identifier: MIT
// Conditions of audiences: JSON in the Mongo style, said with the language's own operators.

import { own } from '../core/tool';
import { moment } from './moment';

type Groups = { [name: string]: any[] };
type Operator = (value: any, operand: any, groups: Groups) => boolean;

const at = (root: any, path: string): any =>
    path
        .split('.')
        .reduce(
            (value, key) => (value !== null && typeof value === 'object' && own(value, key) ? value[key] : null),
            root,
        );

const isOperators = (object: object): boolean => {
    const keys = Object.keys(object);
    return keys.length > 0 && keys.every((key) => key[0] === '$');
};

const same = (value: any): any => value;
const fold = (value: any): any => (typeof value === 'string' ? value.toLowerCase() : value);

function isIn(value: any, list: any[], as: (v: any) => any): boolean {
    const wanted = new Set(list.map(as));
    return (Array.isArray(value) ? value : [value]).some((item) => wanted.has(as(item)));
}

/** Versions as texts that compare in their order. */
function padded(version: any): string {
    const text = typeof version === 'number' ? String(version) : version;
    const [core, ...more] = (typeof text === 'string' && text ? text : '0')
        .replace(/\+.*$/, '')
        .replace(/^v/, '')
        .split('-')
        .map((piece) =>
            piece
                .split('.')
                .map((part) => (/^[0-9]+$/.test(part) ? part.replace(/^0+(?=.)/, '').padStart(20) : part))
                .join('-'),
        );
    return more.length ? core + ' ' + more.join('-') : core + '!';
}

/* Two texts that are both moments: as these; anything else as the language compares it. */
function ordered(is: (v: any, x: any) => boolean): Operator {
    return (v, x) => {
        if (typeof v !== 'string' || typeof x !== 'string') return is(v, x);
        const a = moment(v),
            b = moment(x);
        return a && b ? is(a, b) : is(v, x);
    };
}

/* Null: there is no such pattern. */
function found(pattern: any, flags: string, value: any): boolean | null {
    try {
        return typeof pattern === 'string' ? new RegExp(pattern, flags).test(value) : null;
    } catch (_) {
        return null;
    }
}

const kind = (v: any): string => (v === null ? 'null' : Array.isArray(v) ? 'array' : typeof v);

const hasEach = (value: any, list: any, groups: Groups, isFolded: boolean): boolean =>
    Array.isArray(value) &&
    Array.isArray(list) &&
    list.every((want) => value.some((item) => test(want, item, groups, isFolded)));

const groupOf = (groups: Groups, name: string): any[] => (own(groups, name) ? groups[name]! : []);

const OPERATORS: { [name: string]: Operator } = {
    $eq: (v, x) => v === x,
    $ne: (v, x) => v !== x,
    $lt: ordered((v, x) => v < x),
    $lte: ordered((v, x) => v <= x),
    $gt: ordered((v, x) => v > x),
    $gte: ordered((v, x) => v >= x),
    $veq: (v, x) => padded(v) === padded(x),
    $vne: (v, x) => padded(v) !== padded(x),
    $vlt: (v, x) => padded(v) < padded(x),
    $vlte: (v, x) => padded(v) <= padded(x),
    $vgt: (v, x) => padded(v) > padded(x),
    $vgte: (v, x) => padded(v) >= padded(x),
    $exists: (v, x) => (v !== null) === !!x,
    $in: (v, x) => Array.isArray(x) && isIn(v, x, same),
    $nin: (v, x) => Array.isArray(x) && !isIn(v, x, same),
    $ini: (v, x) => Array.isArray(x) && isIn(v, x, fold),
    $nini: (v, x) => Array.isArray(x) && !isIn(v, x, fold),
    $inGroup: (v, x, groups) => isIn(v, groupOf(groups, x), same),
    $notInGroup: (v, x, groups) => !isIn(v, groupOf(groups, x), same),
    $not: (v, x, groups) => !test(x, v, groups, false),
    $size: (v, x, groups) => Array.isArray(v) && test(x, v.length, groups, false),
    $elemMatch: (v, x, groups) =>
        Array.isArray(v) &&
        v.some((item) => item && (isOperators(x) ? test(x, item, groups, false) : matches(x, item, groups))),
    $all: (v, x, groups) => hasEach(v, x, groups, false),
    $alli: (v, x, groups) => hasEach(v, x, groups, true),
    $regex: (v, x) => found(x, '', v) === true,
    $regexi: (v, x) => found(x, 'i', v) === true,
    $notRegex: (v, x) => found(x, '', v) === false,
    $notRegexi: (v, x) => found(x, 'i', v) === false,
    $type: (v, x) => kind(v) === x,
};

function test(condition: any, value: any, groups: Groups, isFolded: boolean): boolean {
    switch (kind(condition)) {
        case 'null':
            return value === null;
        case 'string':
            return isFolded ? String(value).toLowerCase() === condition.toLowerCase() : value + '' === condition;
        case 'number':
            return value * 1 === condition;
        case 'boolean':
            return value !== null && !!value === condition;
        case 'object':
            if (isOperators(condition))
                return Object.keys(condition).every(
                    (name) => own(OPERATORS, name) && OPERATORS[name]!(value, condition[name], groups),
                );
    }
    return JSON.stringify(value) === JSON.stringify(condition);
}

export function matches(condition: any, attributes: any, groups: Groups = {}): boolean {
    const any = (list: any[]): boolean => !list.length || list.some((part) => matches(part, attributes, groups));
    return Object.keys(condition).every((key) => {
        const x = condition[key];
        if (key === '$or') return any(x);
        if (key === '$nor') return !any(x);
        if (key === '$and') return x.every((part: any) => matches(part, attributes, groups));
        if (key === '$not') return !matches(x, attributes, groups);
        return test(x, at(attributes, key), groups, false);
    });
}

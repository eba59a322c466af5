// SPDX-License-Identifier: GPL-3.0-or-later
// An audience as a tree of rules that one can edit, and as the condition that the server knows. What a tree cannot
// show stays a condition: nobody's audience is bent to fit the form.
import { moment } from '../../../../sdk/local/moment';
import type { Condition } from '../state/document';

export interface Attribute {
    name: string;
    type: 'string' | 'number' | 'boolean';
    share: number;
    values: { value: string | number | boolean; share: number }[];
}

export type Join = 'and' | 'or';
export type Operator =
    | 'is'
    | 'isNot'
    | 'anyOf'
    | 'noneOf'
    | 'contains'
    | 'startsWith'
    | 'pattern'
    | 'gt'
    | 'gte'
    | 'lt'
    | 'lte'
    | 'versionGte'
    | 'versionLt'
    | 'after'
    | 'from'
    | 'before'
    | 'until'
    | 'known'
    | 'unknown';
export type ValueType = 'string' | 'number' | 'boolean';

export interface Rule {
    id: number;
    kind: 'rule';
    attribute: string;
    operator: Operator;
    type: ValueType;
    value: string; // as typed; several are parted by commas
}

export interface Group {
    id: number;
    kind: 'group';
    join: Join;
    items: Node[];
}

export type Node = Rule | Group;

let lastId = 0;
const nextId = () => (lastId += 1);

export const newRule = (attribute = ''): Rule => ({
    id: nextId(),
    kind: 'rule',
    attribute,
    operator: 'is',
    type: 'string',
    value: '',
});
export const newGroup = (join: Join, items: Node[] = []): Group => ({ id: nextId(), kind: 'group', join, items });

export const OPERATORS: Record<ValueType, Operator[]> = {
    string: [
        'is',
        'isNot',
        'anyOf',
        'noneOf',
        'contains',
        'startsWith',
        'pattern',
        'versionGte',
        'versionLt',
        'after',
        'from',
        'before',
        'until',
        'known',
        'unknown',
    ],
    number: ['is', 'isNot', 'gt', 'gte', 'lt', 'lte', 'anyOf', 'noneOf', 'known', 'unknown'],
    boolean: ['is', 'known', 'unknown'],
};

const WORDS: Partial<Record<Operator, string>> = {
    isNot: '$ne',
    anyOf: '$in',
    noneOf: '$nin',
    gt: '$gt',
    gte: '$gte',
    lt: '$lt',
    lte: '$lte',
    versionGte: '$vgte',
    versionLt: '$vlt',
    after: '$gt',
    from: '$gte',
    before: '$lt',
    until: '$lte',
};

/* Texts that are days or times compare as these: so only what is one stands behind them. */
export const isMoment = ({ operator }: Pick<Rule, 'operator'>) =>
    operator === 'after' || operator === 'from' || operator === 'before' || operator === 'until';
const isTime = (text: string) => moment(text) !== '';

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
const unescaped = (text: string) => text.replace(/\\([.*+?^${}()|[\]\\/-])/g, '$1');
const isLiteral = (text: string) => escaped(unescaped(text)) === text;

export const listOf = (text: string): string[] =>
    text
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean);

/* Nothing is left to be said? */
export function isComplete(rule: Rule): boolean {
    if (!rule.attribute.trim()) return false;
    if (rule.operator === 'known' || rule.operator === 'unknown') return true;
    if (rule.type === 'number')
        return listOf(rule.value).length > 0 && listOf(rule.value).every((part) => Number.isFinite(Number(part)));
    return isMoment(rule) ? isTime(rule.value.trim()) : rule.value.trim() !== '';
}

function typed(rule: Rule, text: string): unknown {
    if (rule.type === 'number') return Number(text);
    return rule.type === 'boolean' ? text === 'true' : text;
}

function test(rule: Rule): unknown {
    const { operator, value } = rule;
    if (operator === 'is') return typed(rule, value);
    if (operator === 'known' || operator === 'unknown') return { $exists: operator === 'known' };
    if (operator === 'anyOf' || operator === 'noneOf')
        return { [WORDS[operator] as string]: listOf(value).map((part) => typed(rule, part)) };
    if (operator === 'contains') return { $regexi: escaped(value) };
    if (operator === 'startsWith') return { $regexi: `^${escaped(value)}` };
    if (operator === 'pattern') return { $regex: value };
    return { [WORDS[operator] as string]: typed(rule, isMoment(rule) ? value.trim() : value) };
}

/* The condition of what is complete; null: nothing asked. */
export function toCondition(node: Node): Condition | null {
    if (node.kind === 'rule') return isComplete(node) ? { [node.attribute.trim()]: test(node) } : null;
    const parts = node.items.map(toCondition).filter((part): part is Condition => part !== null);
    if (parts.length < 2) return parts[0] ?? null;
    if (node.join === 'or') return { $or: parts };
    const names = parts.flatMap((part) => Object.keys(part));
    return new Set(names).size === names.length ? (Object.assign({}, ...parts) as Condition) : { $and: parts };
}

const valueType = (value: unknown): ValueType | null =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? (typeof value as ValueType)
        : null;

function ruleOf(attribute: string, operator: Operator, value: unknown): Rule | null {
    const values = Array.isArray(value) ? value : [value];
    const types = new Set(values.map(valueType));
    const [type] = [...types];
    if (types.size !== 1 || !type || !OPERATORS[type].includes(operator)) return null;
    if (values.length > 1 && values.some((one) => String(one).includes(','))) return null;
    return { id: nextId(), kind: 'rule', attribute, operator, type, value: values.map(String).join(', ') };
}

function ruleOfPattern(attribute: string, pattern: string, isFree: boolean): Rule | null {
    if (!isFree) return ruleOf(attribute, 'pattern', pattern);
    const isStart = pattern.startsWith('^');
    const text = isStart ? pattern.slice(1) : pattern;
    return isLiteral(text) ? ruleOf(attribute, isStart ? 'startsWith' : 'contains', unescaped(text)) : null;
}

function ruleOfTest(attribute: string, word: string, value: unknown): Rule | null {
    if (word === '$eq') return ruleOf(attribute, 'is', value);
    if (word === '$exists')
        return {
            id: nextId(),
            kind: 'rule',
            attribute,
            operator: value ? 'known' : 'unknown',
            type: 'string',
            value: '',
        };
    if ((word === '$regex' || word === '$regexi') && typeof value === 'string')
        return ruleOfPattern(attribute, value, word === '$regexi');
    const isOfTime = typeof value === 'string' && isTime(value);
    const known = (Object.keys(WORDS) as Operator[]).filter((one) => WORDS[one] === word);
    const operator = known.find((one) => isMoment({ operator: one }) === isOfTime) ?? known[0];
    return operator && Array.isArray(value) === (operator === 'anyOf' || operator === 'noneOf')
        ? ruleOf(attribute, operator, value)
        : null;
}

function nodesOf(key: string, value: unknown): (Node | null)[] {
    if (key === '$and' || key === '$or') {
        if (!Array.isArray(value)) return [null];
        const items = value.map((part) => nodeOf(part as Condition));
        return items.some((item) => item === null)
            ? [null]
            : [newGroup(key === '$and' ? 'and' : 'or', items as Node[])];
    }
    if (key.startsWith('$')) return [null];
    if (valueType(value)) return [ruleOf(key, 'is', value)];
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [null];
    return Object.entries(value).map(([word, operand]) => ruleOfTest(key, word, operand));
}

function nodeOf(condition: Condition): Node | null {
    const nodes = Object.entries(condition).flatMap(([key, value]) => nodesOf(key, value));
    if (nodes.length === 0 || nodes.some((node) => node === null)) return null;
    return nodes.length === 1 ? (nodes[0] as Node) : newGroup('and', nodes as Node[]);
}

/* The tree of a condition, or null where it has what no rule can say. */
export function toTree(condition: Condition | null): Group | null {
    if (condition === null || Object.keys(condition).length === 0) return newGroup('and');
    const node = nodeOf(condition);
    if (!node) return null;
    return node.kind === 'group' ? node : newGroup('and', [node]);
}

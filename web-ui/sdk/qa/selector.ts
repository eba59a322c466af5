// SPDX-License-Identifier: MIT
// Selectors for an element that somebody pointed at: those that find it alone and will find it tomorrow, first.

import { countOf } from './where';

export interface Found {
    selector: string;
    /** How many elements of the page it finds. */
    count: number;
}

const LETTERS_MAX = 200;
const ANCESTORS_MAX = 6;
const ALONE_MAX = 3;
const AMONG_MAX = 2;
const TEST_NAMES = ['data-testid', 'data-test', 'data-qa', 'data-cy'];
const CLICKED = 'a[href],button,input,select,textarea,summary,label,[role=button],[role=link],[role=tab],[onclick]';

/* Made by a machine, or said of a moment: another one tomorrow. */
const PASSING = /\d{3}|[a-z]\d+[a-z]|^(css|sc|jss|emotion|ember|react|radix|is|has|ng|v)-|^data-(v|react|mete|state)/i;
const MOMENT = /^(active|hover|focus|open|selected|visible|hidden|loading|disabled|current)$/i;

export const isLasting = (name: string): boolean =>
    /^[A-Za-z_][\w-]{0,39}$/.test(name) && !PASSING.test(name) && !MOMENT.test(name);

const quoted = (value: string): string => `"${value.replace(/["\\]/g, '\\$&')}"`;

function attributeSelectors(element: Element): string[] {
    const tag = element.localName;
    const data = element.getAttributeNames().filter((name) => /^data-/.test(name) && isLasting(name));
    const rank = (name: string): number => (TEST_NAMES.includes(name) ? 0 : 1);
    data.sort((a, b) => rank(a) - rank(b));
    const made = data
        .filter((name) => isLasting(element.getAttribute(name)!))
        .map((name) => `[${name}=${quoted(element.getAttribute(name)!)}]`);
    const name = element.getAttribute('name');
    if (name && isLasting(name)) made.push(`${tag}[name=${quoted(name)}]`);
    const href = tag === 'a' && element.getAttribute('href');
    if (href && /^[\w./:-]{2,80}$/.test(href) && !/^javascript:/i.test(href)) made.push(`a[href=${quoted(href)}]`);
    return made;
}

/* By what it says of itself. */
function ownSelectors(element: Element): string[] {
    const tag = element.localName;
    const made = element.id && isLasting(element.id) ? [`#${element.id}`] : [];
    const classes = [...element.classList].filter((name) => isLasting(name) && name !== tag).slice(0, ALONE_MAX);
    made.push(...attributeSelectors(element), ...classes.map((name) => `${tag}.${name}`));
    if (classes.length > 1) made.push(tag + classes.map((name) => `.${name}`).join(''));
    return made;
}

function place(element: Element): string {
    const { localName, parentElement } = element;
    const alike = parentElement ? [...parentElement.children].filter((one) => one.localName === localName) : [];
    return alike.length > 1 ? `${localName}:nth-of-type(${alike.indexOf(element) + 1})` : localName;
}

/* From the nearest one around it that has a selector of its own. */
function withinSelectors(element: Element): string[] {
    const own = [...ownSelectors(element), element.localName];
    let path = place(element);
    let around = element.parentElement;
    for (let i = 0; around && around !== document.body && i < ANCESTORS_MAX; i++) {
        const anchor = ownSelectors(around).find((selector) => countOf(selector) === 1);
        if (anchor) {
            const alone = own.map((selector) => `${anchor} ${selector}`).filter((one) => countOf(one) === 1);
            return [...alone, `${anchor} > ${path}`];
        }
        path = `${place(around)} > ${path}`;
        around = around.parentElement;
    }
    return [around === document.body ? `body > ${path}` : path];
}

/** What a click on this is meant for: the button, not the picture in it. */
export const subjectOf = (target: Element): Element => target.closest(CLICKED) || target;

export function selectorsFor(element: Element): Found[] {
    const finds = (selectors: string[]): Found[] =>
        selectors
            .filter((selector) => selector.length <= LETTERS_MAX && element.matches(selector))
            .map((selector) => ({ selector, count: countOf(selector) }));
    const own = finds(ownSelectors(element));
    const alone = own.filter(({ count }) => count === 1);
    const among = own.filter(({ count }) => count > 1).slice(0, AMONG_MAX);
    const first = alone.length ? alone : finds(withinSelectors(element)).filter(({ count }) => count === 1);
    return [...first.slice(0, ALONE_MAX), ...among];
}

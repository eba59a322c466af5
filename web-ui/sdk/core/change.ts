// SPDX-License-Identifier: MIT
// One change of one element, and the way back. Text is text; a selector only ever selects, an
// attribute can hold no handler and no script address.

import { now, own, tried, trusted } from './tool';
import type { Change } from './types';

export interface Applied {
    /** Is it still there? A framework may have painted over it. */
    holds(): boolean;
    undo(): void;
    /** Does it once more where it no longer holds; otherwise the change is applied anew. */
    again?(): void;
}

export interface ChangeContext {
    nonce: string;
    allowsHtml: boolean;
}

type Apply = (element: Element, change: Change, context: ChangeContext) => Applied | null;

const always = (): boolean => true;
const text = (change: Change): string => change.value || '';

const childrenOf = (element: Node): Node[] => [...element.childNodes];

function fill(element: Element, nodes: Node[]): void {
    element.textContent = '';
    nodes.forEach((node) => element.appendChild(node));
}

/* One text node stands for what there was. A page that is still coming adds to that node and behind
 * it; a framework that has one of its own there finds it again. */
function setText(element: Element, change: Change): Applied {
    const value = text(change);
    const children = childrenOf(element);
    const isPlain = children.length === 1 && children[0]!.nodeType === 3;
    const mine = isPlain ? (children[0] as Text) : document.createTextNode('');
    let before = mine.data;
    let front = isPlain ? [] : children;
    let back: Node[] = [];
    const set = (): void => {
        mine.data = value;
        fill(element, [mine]);
    };
    set();
    return {
        holds: () => element.textContent === value,
        again() {
            const now = childrenOf(element);
            const place = now.indexOf(mine);
            if (place < 0) {
                front = now;
                back = [];
                before = '';
            } else {
                const more = mine.data.slice(value.length);
                if (mine.data.indexOf(value)) before = mine.data;
                else if (back.length) back.push(document.createTextNode(more));
                else before += more;
                back = back.concat(now.slice(place + 1));
            }
            set();
        },
        undo() {
            if (mine.parentNode !== element) return;
            mine.data = before;
            fill(element, front.concat(before ? [mine] : [], back));
        },
    };
}

const isSafe = (name: string, value: string): boolean =>
    !/^(on|srcdoc$)/i.test(name) &&
    !/^(javascript|vbscript):|^data:text\/html/i.test(value.replace(/[\u0000-\u0020]/g, ''));

function setAttribute(element: Element, change: Change): Applied | null {
    const name = change.name!;
    const value = text(change);
    if (!isSafe(name, value)) return null;
    const before = element.getAttribute(name);
    element.setAttribute(name, value);
    return {
        holds: () => element.getAttribute(name) === value,
        undo: () => (before === null ? element.removeAttribute(name) : element.setAttribute(name, before)),
    };
}

function setClass(element: Element, change: Change): Applied {
    const wanted = text(change).split(/\s+/).filter(Boolean).map((word) =>
        word[0] === '-' ? { name: word.slice(1), on: false } : { name: word, on: true });
    const moved = wanted.filter(({ name, on }) => element.classList.contains(name) !== on);
    moved.forEach(({ name, on }) => element.classList.toggle(name, on));
    return {
        holds: () => wanted.every(({ name, on }) => element.classList.contains(name) === on),
        undo: () => moved.forEach(({ name, on }) => element.classList.toggle(name, !on)),
    };
}

function setStyle(element: Element, name: string, value: string): Applied {
    const style = (element as HTMLElement).style;
    const before = [style.getPropertyValue(name), style.getPropertyPriority(name)] as const;
    style.setProperty(name, value.replace(/\s*!important\s*$/, ''), 'important');
    const set = style.getPropertyValue(name);
    return {
        holds: () => style.getPropertyValue(name) === set,
        undo: () => style.setProperty(name, before[0], before[1]),
    };
}

/** Puts a node where a change says, seen from the element. */
export function place(node: Node, element: Element, position: string | null | undefined): void {
    if (position === 'before') element.parentNode!.insertBefore(node, element);
    else if (position === 'after') element.parentNode!.insertBefore(node, element.nextSibling);
    else if (position === 'prepend') element.insertBefore(node, element.firstChild);
    else element.appendChild(node);
}

function isPlaced(node: Element, element: Element, position: string | null | undefined): boolean {
    if (position === 'before') return node.nextElementSibling === element;
    if (position === 'after') return node.previousElementSibling === element;
    return node.parentNode === element && (position === 'prepend' ? element.firstElementChild : element.lastElementChild) === node;
}

export const inserted = (node: Node): Applied => ({
    holds: () => node.isConnected,
    undo: () => node.parentNode && node.parentNode.removeChild(node),
});

function insertText(element: Element, change: Change): Applied {
    const span = document.createElement('span');
    span.textContent = text(change);
    span.setAttribute('data-mete', '');
    const again = (): void => place(span, element, change.position);
    again();
    return {
        ...inserted(span),
        holds: () => span.isConnected && (change.position !== 'append' || isPlaced(span, element, 'append')),
        again,
    };
}

function move(element: Element, change: Change): Applied | null {
    const target = tried(() => document.querySelector(change.target!), null);
    if (!target || element.contains(target)) return null;
    const mark = document.createComment('');
    element.parentNode!.insertBefore(mark, element);
    const again = (): void => place(element, target, change.position);
    again();
    return {
        holds: () => isPlaced(element, target, change.position),
        again,
        undo() {
            if (mark.parentNode) mark.parentNode.replaceChild(element, mark);
        },
    };
}

/* Nothing more of it will come. */
const isWhole = (node: Node | null): boolean =>
    document.readyState !== 'loading' || (!!node && (!!node.nextSibling || isWhole(node.parentNode)));

function setHtml(element: Element, change: Change, context: ChangeContext): Applied | null {
    if (!context.allowsHtml) return null;
    if (!isWhole(element)) return null;
    if (!change.position) {
        const children = childrenOf(element);
        element.innerHTML = trusted('createHTML', text(change));
        return { holds: always, undo: () => fill(element, children) };
    }
    const box = document.createElement('template');
    box.innerHTML = trusted('createHTML', text(change));
    const nodes = childrenOf(box.content);
    place(box.content, element, change.position);
    const parts = nodes.map(inserted);
    return { holds: () => parts.every((part) => part.holds()), undo: () => parts.forEach((part) => part.undo()) };
}

function runScript(element: Element, change: Change, context: ChangeContext): Applied | null {
    if (!context.allowsHtml) return null;
    const script = document.createElement('script');
    if (context.nonce) script.nonce = context.nonce;
    script.text = trusted('createScript', text(change));
    element.appendChild(script);
    return { ...inserted(script), holds: always };
}

/* A page that leads to itself, or two that lead to one another, are left alone. */
function redirect(_element: Element, change: Change): Applied | null {
    const url = new URL(change.url!, location.href);
    if (!/^https?:$/.test(url.protocol) || url.href.split('#')[0] === location.href.split('#')[0]) return null;
    const query = new URLSearchParams(location.search);
    query.forEach((value, name) => url.searchParams.has(name) || url.searchParams.append(name, value));
    const last = tried(() => Number(sessionStorage.getItem('mete.redirect')), 0);
    if (now() - last < 3000) return null;
    tried(() => sessionStorage.setItem('mete.redirect', String(now())));
    location.replace(url.href);
    return { holds: always, undo() {} };
}

const KINDS: { [type: string]: Apply } = {
    text: setText,
    attribute: setAttribute,
    class: setClass,
    style: (element, change) => setStyle(element, change.name!, text(change)),
    hide: (element) => setStyle(element, 'display', 'none'),
    insert: insertText,
    move,
    html: setHtml,
    script: runScript,
    redirect,
};

export const isWidget = (change: Change): boolean => /^(banner|popin|countdown)$/.test(change.type);

/** Null: it cannot be done here. */
export const applyChange: Apply = (element, change, context) =>
    own(KINDS, change.type) ? tried(() => KINDS[change.type]!(element, change, context), null) : null;

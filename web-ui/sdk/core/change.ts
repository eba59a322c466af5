// SPDX-License-Identifier: MIT
// One change of one element, and the way back. Text is text; a selector only ever selects, an
// attribute can hold no handler and no script address.

import { own, tried, type trusted } from './tool';
import type { Change, Reply } from './types';

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
    trusted: typeof trusted;
    /** Kinds of a part that is loaded when decisions have them. */
    rare?: { [type: string]: Apply };
}

export type Apply = (element: Element, change: Change, context: ChangeContext) => Applied | null;

export const text = (change: Change): string => change.value || '';

export const childrenOf = (element: Node): Node[] => [...element.childNodes];

export function fill(element: Element, nodes: Node[]): void {
    element.textContent = '';
    element.append(...nodes);
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

/* What only an environment that allows markup may touch, as server/model/campaign/web_change.c has it. */
const ELEMENTS = /^(script|style|base|meta|link|iframe|object|embed|animate|set)$/;
const NAMES = /^(action|formaction|method|formmethod|srcdoc|ping|nonce|integrity|http-equiv|(x|v|ng|hx)-.*)$/i;

const isSafe = (name: string, value: string, allowsHtml: boolean): boolean =>
    !/^on/i.test(name) &&
    (allowsHtml || !NAMES.test(name)) &&
    !/^(javascript|vbscript):|^data:text\/html/i.test(value.replace(/[\u0000-\u0020]/g, ''));

function setAttribute(element: Element, change: Change, { allowsHtml }: ChangeContext): Applied | null {
    const name = change.name!;
    const value = text(change);
    if (!isSafe(name, value, allowsHtml)) return null;
    const before = element.getAttribute(name);
    element.setAttribute(name, value);
    return {
        holds: () => element.getAttribute(name) === value,
        undo: () => (before === null ? element.removeAttribute(name) : element.setAttribute(name, before)),
    };
}

function setClass(element: Element, change: Change): Applied {
    const list = element.classList;
    const rows = text(change)
        .split(/\s+/)
        .filter(Boolean)
        .map((word) => [word.replace(/^-/, ''), word[0] !== '-'] as const);
    const isOff = ([name, isWanted]: (typeof rows)[0]): boolean => list.contains(name) !== isWanted;
    const moved = rows.filter(isOff);
    const set = (isUndone: boolean): void =>
        moved.forEach(([name, isWanted]) => list.toggle(name, isWanted !== isUndone));
    set(false);
    return { holds: () => !rows.some(isOff), undo: () => set(true) };
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
export const place = (node: Node, element: any, position: string | null | undefined): void =>
    element[/^(before|after|prepend)$/.test(position!) ? position! : 'append'](node);

export function isPlaced(node: Element, element: Element, position: string | null | undefined): boolean {
    if (position === 'before') return node.nextElementSibling === element;
    if (position === 'after') return node.previousElementSibling === element;
    return (
        node.parentNode === element &&
        (position === 'prepend' ? element.firstElementChild : element.lastElementChild) === node
    );
}

export const inserted = (node: Node): Applied => ({
    holds: () => node.isConnected,
    undo: () => (node as ChildNode).remove(),
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

const KINDS: { [type: string]: Apply } = {
    text: setText,
    attribute: setAttribute,
    class: setClass,
    style: (element, change) => setStyle(element, change.name!, text(change)),
    hide: (element) => setStyle(element, 'display', 'none'),
    insert: insertText,
};

export const isWidget = (change: Change): boolean => /^(banner|popin|countdown)$/.test(change.type);

/** Some decision has a kind of change that comes with a part of its own. */
export const isRare = (reply: Reply): boolean =>
    /"type":"(html|script|move|redirect)"/.test(JSON.stringify(reply.decisions));

const isKeptOut = (element: Element, { type }: Change): boolean =>
    ELEMENTS.test(element.localName) && /^(text|attribute|insert|move)$/.test(type);

/** Null: it cannot be done here. */
export const applyChange: Apply = (element, change, context) => {
    const kinds = own(KINDS, change.type) ? KINDS : context.rare;
    return own(kinds, change.type) && (context.allowsHtml || !isKeptOut(element, change))
        ? tried(() => kinds![change.type]!(element, change, context), null)
        : null;
};

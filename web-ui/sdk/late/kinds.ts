// SPDX-License-Identifier: MIT
// Kinds of changes that few campaigns have: markup, scripts, elements that move, redirects.

import { childrenOf, fill, inserted, isPlaced, place, text } from '../core/change';
import type { Applied, Apply, ChangeContext } from '../core/change';
import { now, tried } from '../core/tool';
import type { Change } from '../core/types';

const always = (): boolean => true;

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
        element.innerHTML = context.trusted('createHTML', text(change));
        return { holds: always, undo: () => fill(element, children) };
    }
    const box = document.createElement('template');
    box.innerHTML = context.trusted('createHTML', text(change));
    const nodes = childrenOf(box.content);
    place(box.content, element, change.position);
    const parts = nodes.map(inserted);
    return { holds: () => parts.every((part) => part.holds()), undo: () => parts.forEach((part) => part.undo()) };
}

function runScript(element: Element, change: Change, context: ChangeContext): Applied | null {
    if (!context.allowsHtml) return null;
    const script = document.createElement('script');
    if (context.nonce) script.nonce = context.nonce;
    script.text = context.trusted('createScript', text(change));
    element.appendChild(script);
    return { ...inserted(script), holds: always };
}

/* A page that leads to itself, or two that lead to one another, are left alone. */
function redirect(_element: Element, change: Change): Applied | null {
    const url = new URL(change.url!, location.href);
    if (!/^https?:$/.test(url.protocol) || url.href.split('#')[0] === location.href.split('#')[0]) return null;
    const query = new URLSearchParams(location.search);
    query.forEach((value, name) => url.searchParams.has(name) || url.searchParams.append(name, value));
    url.hash = url.hash || location.hash;
    const last = tried(() => Number(sessionStorage.getItem('mete.redirect')), 0);
    if (now() - last < 3000) return null;
    tried(() => sessionStorage.setItem('mete.redirect', String(now())));
    location.replace(url.href);
    return { holds: always, undo() {} };
}

export const kinds: { [type: string]: Apply } = { move, html: setHtml, script: runScript, redirect };

// SPDX-License-Identifier: MIT
// Banner, pop-in and countdown: each in a shadow root of its own, so that neither the page's styles
// nor theirs reach the other. Styles go through the object model, which a content security policy
// does not forbid.

import { inserted, type Applied } from '../core/change';
import type { Widget } from '../core/patch';
import { listen, tried } from '../core/tool';
import type { Change } from '../core/types';

const BAR = `:host{all:initial}
.bar,.box{font:16px/1.4 system-ui,sans-serif;color:#fff;background:#1c2430;box-sizing:border-box}
.bar{position:fixed;left:0;right:0;z-index:2147483000;display:flex;gap:16px;align-items:center;
justify-content:center;padding:12px 48px 12px 16px;min-height:48px}
.bar button{top:calc(50% - 20px)}.top{top:0}.bottom{bottom:0}
a{color:#1c2430;background:#fff;border-radius:6px;padding:6px 14px;text-decoration:none;font-weight:600;
white-space:nowrap}
button{position:absolute;right:4px;top:4px;width:40px;height:40px;border:0;border-radius:8px;background:none;
color:inherit;font-size:22px;line-height:1;cursor:pointer}
a:focus-visible,button:focus-visible{outline:3px solid #7db4ff;outline-offset:2px}
.veil{position:fixed;inset:0;z-index:2147483001;background:rgba(10,14,20,.55);display:flex;align-items:center;
justify-content:center;padding:16px}
.box{position:relative;background:#fff;color:#1c2430;border-radius:12px;padding:32px;width:420px;
max-width:100%;box-shadow:0 20px 60px rgba(0,0,0,.3)}
.box a{display:inline-block;margin-top:16px;color:#fff;background:#1c2430}
h2{margin:0 24px 8px 0;font-size:22px;line-height:1.25}p{margin:0}`;

interface Shell {
    host: HTMLElement;
    root: ShadowRoot;
}

function shell(): Shell {
    const host = document.createElement('div');
    host.setAttribute('data-mete', '');
    const root = host.attachShadow({ mode: 'open' });
    const style = tried(() => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(BAR);
        root.adoptedStyleSheets = [sheet];
        return true;
    }, false);
    if (!style) root.appendChild(element('style', BAR));
    return { host, root };
}

function element(name: string, text = '', attributes: { [name: string]: string } = {}): HTMLElement {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    Object.keys(attributes).forEach((key) => made.setAttribute(key, attributes[key]!));
    return made;
}

const isWeb = (url: string): boolean => tried(() => /^https?:$/.test(new URL(url, location.href).protocol), false);

function addLink(box: HTMLElement, change: Change): void {
    if (change.url && isWeb(change.url))
        box.appendChild(element('a', change.label || change.url, { href: change.url }));
}

function addClose(box: HTMLElement, fn: () => void): HTMLElement {
    const button = element('button', '\u00d7', {
        type: 'button',
        'aria-label': navigator.language.slice(0, 2) === 'de' ? 'Schließen' : 'Close',
    });
    button.addEventListener('click', fn);
    box.appendChild(button);
    return button;
}

/* What a visitor has closed stays closed until the next visit. */
const nameOf = (change: Change): string => `mete.closed.${change.type}.${change.value}`;
const isClosed = (change: Change): boolean => tried(() => sessionStorage.getItem(nameOf(change)) === '1', false);

function show(host: HTMLElement): Applied {
    const put = (): void => {
        document.body.appendChild(host);
    };
    if (document.body) put();
    else document.addEventListener('DOMContentLoaded', put, { once: true });
    return {
        holds: () => true,
        undo() {
            document.removeEventListener('DOMContentLoaded', put);
            inserted(host).undo();
        },
    };
}

/* The page begins below a bar on its top, and gets its place back when that goes. */
function makeRoom(box: HTMLElement): void {
    const style = document.documentElement.style;
    const before = style.paddingTop;
    const fit = (): void => {
        style.paddingTop = box.offsetHeight ? `${box.offsetHeight}px` : before;
    };
    tried(() => new ResizeObserver(fit).observe(box));
}

function bar(change: Change, fill: (text: HTMLElement) => void): Applied | null {
    if (isClosed(change)) return null;
    const { host, root } = shell();
    const box = element('div', '', {
        class: `bar ${change.place === 'bottom' ? 'bottom' : 'top'}`,
        role: 'region',
        'aria-label': change.value || '',
    });
    const text = element('span');
    fill(text);
    box.appendChild(text);
    addLink(box, change);
    addClose(box, () => {
        tried(() => sessionStorage.setItem(nameOf(change), '1'));
        host.remove();
    });
    root.appendChild(box);
    if (change.place !== 'bottom') makeRoom(box);
    return show(host);
}

const banner: Widget = (change) => bar(change, (text) => (text.textContent = change.value || ''));

const popin: Widget = (change) => {
    if (isClosed(change)) return null;
    const { host, root } = shell();
    const veil = element('div', '', { class: 'veil' });
    const box = element('div', '', {
        class: 'box',
        role: 'dialog',
        'aria-modal': 'true',
        'aria-label': change.title || change.value || '',
    });
    const before = document.activeElement as HTMLElement | null;
    const ends = [
        listen(document, 'keydown', (event: KeyboardEvent) => event.key === 'Escape' && close()),
        listen(document, 'focusin', (event: FocusEvent) => event.target !== host && button.focus()),
    ];
    const end = (): void => ends.forEach((stop) => stop());
    function close(): void {
        tried(() => sessionStorage.setItem(nameOf(change), '1'));
        end();
        host.remove();
        if (before) before.focus();
    }
    if (change.title) box.appendChild(element('h2', change.title));
    box.appendChild(element('p', change.value || ''));
    addLink(box, change);
    const button = addClose(box, close);
    veil.addEventListener('click', (event) => event.target === veil && close());
    veil.appendChild(box);
    root.appendChild(veil);
    const shown = show(host);
    button.focus();
    return {
        holds: shown.holds,
        undo() {
            end();
            shown.undo();
        },
    };
};

function remaining(end: number): string {
    const seconds = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    const two = (n: number): string => ('0' + Math.floor(n)).slice(-2);
    const days = Math.floor(seconds / 86400);
    return (
        (days ? `${days} d ` : '') +
        `${two((seconds % 86400) / 3600)}:${two((seconds % 3600) / 60)}:${two(seconds % 60)}`
    );
}

/* Ticks while it is shown; over, it is gone. */
const countdown: Widget = (change, target) => {
    const end = Date.parse(change.end || '');
    if (!(end > Date.now())) return null;
    const own = target && element('span', '', { 'data-mete': '' });
    let shown: Applied | null = null;
    let text: HTMLElement | null = own;
    const tick = (): void => {
        if (text) text.textContent = (change.value || '').replace('{time}', remaining(end));
        if (Date.now() >= end) stop();
    };
    const timer = setInterval(tick, 1000);
    function stop(): void {
        clearInterval(timer);
        if (shown) shown.undo();
    }
    if (own) {
        target!.appendChild(own);
        shown = inserted(own);
    } else {
        shown = bar(change, (made) => (text = made));
    }
    tick();
    return { holds: () => true, undo: stop };
};

export const widgets: { [type: string]: Widget } = { banner, popin, countdown };

// SPDX-License-Identifier: MIT

import { STYLE } from './style';

export function make(name: string, text = ''): HTMLElement {
    const made = document.createElement(name);
    made.textContent = text;
    return made;
}

export function button(text: string, fn: () => void): HTMLElement {
    const made = make('button', text);
    made.setAttribute('type', 'button');
    made.addEventListener('click', fn);
    return made;
}

/** Where the overlay is drawn, out of reach of the page's styles. */
export function attach(): ShadowRoot {
    const host = document.createElement('div');
    host.setAttribute('data-mete', '');
    const root = host.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    const put = (): void => {
        document.body.appendChild(host);
    };
    if (document.body) put();
    else document.addEventListener('DOMContentLoaded', put);
    return root;
}

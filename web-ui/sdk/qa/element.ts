// SPDX-License-Identifier: MIT

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

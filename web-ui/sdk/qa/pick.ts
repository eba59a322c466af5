// SPDX-License-Identifier: MIT
// A goal is pointed at: ?mete_preview=mpv_…,@STATE@DESK, made by the editor. Needs a signed link. What is taken goes to
// the desk as an address, by a click of who points; the desk believes it only with the state that it gave along, and an
// editor has to say yes to it there.

import { keepPreview } from '../core/preview';
import { attach, button, make } from './element';
import { findPlace, makeMovable, putAt } from './place';
import { selectorsFor, subjectOf, type Found } from './selector';
import { countWord, word } from './words';

export interface Picking {
    state: string;
    /** Its origin. */
    desk: string;
}

type Sort = 'click' | 'form' | 'page';

interface Picker extends Picking {
    root: ShadowRoot;
    mark: HTMLElement;
    end: () => void;
    isBrowsing: boolean;
    /** What was pointed at. */
    element: Element | null;
    form: Element | null;
    /** Nothing yet: null. */
    sort: Sort | null;
    found: Found[];
    selector: string;
}

const PICKING = /,@([\w-]{22,64})@(https?:\/\/[^/@,?#\s]+)$/;

export function readPicking(preview: string): Picking | null {
    const [, state, desk] = PICKING.exec(preview) || [];
    return state && desk ? { state, desk } : null;
}

function take({ state, desk, sort, selector }: Picker): void {
    const what = sort === 'page' ? location.pathname : selector;
    keepPreview('off');
    location.assign(`${desk}/app/picked#${new URLSearchParams({ state, sort: sort!, what })}`);
}

function choose(picker: Picker, sort: Sort): void {
    picker.sort = sort;
    const subject = sort === 'form' ? picker.form : sort === 'click' ? picker.element : null;
    picker.found = subject ? selectorsFor(subject) : [];
    picker.selector = picker.found[0] ? picker.found[0].selector : '';
    draw(picker);
}

/* A button that is pressed or not, and has the focus again when all is drawn anew. */
function option(picker: Picker, text: string, isPressed: boolean, fn: () => void): HTMLElement {
    const made = button(text, () => {
        fn();
        const again = [...picker.root.querySelectorAll('button')].find((one) => one.textContent === made.textContent);
        if (again) again.focus();
    });
    made.setAttribute('aria-pressed', String(isPressed));
    return made;
}

function selectorOptions(picker: Picker): HTMLElement {
    const group = make('div');
    group.setAttribute('role', 'group');
    group.setAttribute('aria-label', word('found'));
    group.appendChild(make('small', word('found')));
    picker.found.forEach(({ selector, count }) => {
        const row = option(picker, '', selector === picker.selector, () => {
            picker.selector = selector;
            draw(picker);
        });
        row.setAttribute('data-wide', '');
        row.append(make('code', selector), countWord(count));
        group.appendChild(row);
    });
    return group;
}

function chosenPart(picker: Picker): HTMLElement {
    const { sort, element, form } = picker;
    const part = make('section');
    if (element) part.appendChild(option(picker, word('clicked'), sort === 'click', () => choose(picker, 'click')));
    if (form) part.appendChild(option(picker, word('sent'), sort === 'form', () => choose(picker, 'form')));
    part.appendChild(option(picker, word('seen'), sort === 'page', () => choose(picker, 'page')));
    if (!sort || (sort !== 'page' && !picker.selector)) return part;
    part.appendChild(
        sort === 'page' ? make('small', word('path', { path: location.pathname })) : selectorOptions(picker),
    );
    const yes = button(word('take'), () => take(picker));
    const foot = make('footer');
    yes.setAttribute('data-take', '');
    foot.append(yes, make('small', word('to', { desk: picker.desk.replace(/^https?:\/\//, '') })));
    part.appendChild(foot);
    return part;
}

function draw(picker: Picker): void {
    const { root, isBrowsing } = picker;
    const aside = make('aside');
    const head = make('header');
    const handle = button('✥', () => {});
    aside.setAttribute('aria-label', 'mete goal');
    handle.setAttribute('aria-label', word('move'));
    const browse = option(picker, word('browse'), isBrowsing, () => {
        picker.isBrowsing = !isBrowsing;
        draw(picker);
    });
    head.append(handle, make('span', word('point')), browse, button(word('end'), picker.end));
    aside.append(head);
    if (isBrowsing || !picker.sort) aside.appendChild(make('p', word(isBrowsing ? 'browsing' : 'pointAt')));
    aside.appendChild(chosenPart(picker));
    makeMovable(aside, head, handle);
    root.querySelectorAll('aside').forEach((old) => old.remove());
    root.appendChild(aside);
    putAt(aside, findPlace());
    putMark(picker, picker.element);
}

function putMark({ mark, form, sort }: Picker, at: Element | null): void {
    const element = sort === 'form' && form ? form : at;
    mark.hidden = !element;
    if (!element) return;
    const { left, top, width, height } = element.getBoundingClientRect();
    Object.assign(mark.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
}

const STOPPED = ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'touchstart', 'touchend', 'click', 'dblclick'];
const UNDONE = ['mousedown', 'click', 'auxclick', 'submit'];

/* Nothing of the page hears of what is pointed at. */
function listen(picker: Picker): void {
    const host = picker.root.host;
    const isOurs = (event: Event): boolean => picker.isBrowsing || event.composedPath().includes(host);
    const subject = ({ target }: Event): Element | null => (target instanceof Element ? subjectOf(target) : null);
    [...STOPPED, 'auxclick', 'submit'].forEach((name) =>
        window.addEventListener(
            name,
            (event) => {
                if (isOurs(event)) return;
                event.stopImmediatePropagation();
                if (UNDONE.includes(name)) event.preventDefault();
                if (name !== 'click') return;
                picker.element = subject(event);
                picker.form = picker.element && picker.element.closest('form');
                const isForm = !!picker.form && picker.element === picker.form;
                choose(picker, isForm ? 'form' : 'click');
                const yes = picker.root.querySelector<HTMLElement>('[data-take]');
                if (yes) yes.focus();
            },
            { capture: true, passive: false },
        ),
    );
    const follow = (event: Event): void => {
        if (!picker.element && !isOurs(event)) putMark(picker, subject(event));
    };
    ['pointerover', 'focusin'].forEach((name) => document.addEventListener(name, follow, true));
    window.addEventListener('scroll', () => putMark(picker, picker.element), true);
}

export function pick(picking: Picking, end: () => void): void {
    const root = attach();
    const mark = make('div');
    mark.setAttribute('data-mark', '');
    root.appendChild(mark);
    const picker: Picker = {
        ...picking,
        root,
        mark,
        end,
        isBrowsing: false,
        element: null,
        form: null,
        sort: null,
        found: [],
        selector: '',
    };
    draw(picker);
    listen(picker);
}

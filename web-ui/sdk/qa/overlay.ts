// SPDX-License-Identifier: MIT
// The overlay for testing: which campaigns there are, what this visitor gets and why, and every
// other variant by a click. Decides in the browser, from the configuration and the draft of a signed link.

import { loadModule } from '../core/module';
import { keepPreview, type PreviewContext } from '../core/preview';
import type { LocalModule } from '../core/decide';
import type { Decision, Reply } from '../core/types';
import { campaignPart, nameOf, variantName } from './campaign';
import { checkToken, findShown, tokenOf, write, type Shown } from './draft';
import { attach, button, make } from './element';
import { pick, readPicking } from './pick';
import { findPlace, keepPlace, makeMovable, putAt } from './place';
import { word } from './words';

interface Overlay {
    root: ShadowRoot;
    context: PreviewContext;
    shown: Shown;
    reply: Reply;
    /** Those it was opened for. */
    first: string[];
}

const addressWithout = (): string => {
    const address = new URL(location.href);
    address.searchParams.delete('mete_preview');
    return address.href;
};

function end(): void {
    keepPreview('off');
    location.replace(addressWithout());
}

function fold({ root }: Overlay, isFolded: boolean): void {
    const aside = root.querySelector('aside')!;
    const control = root.querySelector('[aria-expanded]')!;
    aside.querySelectorAll<HTMLElement>('[data-body]').forEach((body) => (body.hidden = isFolded));
    control.setAttribute('aria-expanded', String(!isFolded));
    control.setAttribute('aria-label', word(isFolded ? 'unfold' : 'fold'));
    control.textContent = isFolded ? '▴' : '▾';
    keepPlace({ ...findPlace(), isFolded });
    putAt(aside, findPlace());
}

function titleOf({ shown, reply, first }: Overlay): string {
    const decision = reply.decisions.find(({ campaign }) => campaign === first[0]);
    return decision
        ? `${nameOf(shown, decision.campaign)}: ${variantName(shown, decision.campaign, decision.variant)}`
        : word('title');
}

function headOf(overlay: Overlay, aside: HTMLElement): HTMLElement {
    const head = make('header');
    const handle = button('✥', () => {});
    const folds = button('', () => fold(overlay, folds.getAttribute('aria-expanded') === 'true'));
    handle.setAttribute('aria-label', word('move'));
    folds.setAttribute('aria-expanded', 'true');
    head.append(handle, make('span', titleOf(overlay)), folds, button(word('end'), end));
    makeMovable(aside, head, handle);
    return head;
}

async function choose(overlay: Overlay, campaign: string, variant: string): Promise<void> {
    const { shown, context } = overlay;
    shown.forced = { ...shown.forced, [campaign]: variant };
    keepPreview(write(tokenOf(context.preview), shown.forced));
    await decide(overlay);
    draw(overlay);
    const chosen = [...overlay.root.querySelectorAll<HTMLElement>('section')].find(
        (part) => part.getAttribute('data-campaign') === campaign,
    );
    chosen!.querySelector<HTMLElement>('[aria-pressed=true]')!.focus();
}

function part(overlay: Overlay, decision: Decision): HTMLElement {
    const { campaign } = decision;
    const made = campaignPart(
        overlay.context,
        overlay.shown,
        decision,
        (variant) => void choose(overlay, campaign, variant),
    );
    made.setAttribute('data-campaign', campaign);
    return made;
}

function bodyOf(overlay: Overlay): HTMLElement {
    const { shown, reply, first } = overlay;
    const body = make('div');
    body.setAttribute('data-body', '');
    const time = shown.until && new Date(shown.until).toLocaleString();
    if (time) body.appendChild(make('p', word('until', { time })));
    if (!reply.decisions.length) body.appendChild(make('section', word('none')));
    const isFirst = ({ campaign }: Decision): boolean => !first.length || first.includes(campaign);
    reply.decisions.filter(isFirst).forEach((decision) => body.appendChild(part(overlay, decision)));
    const others = reply.decisions.filter((decision) => !isFirst(decision));
    if (!others.length) return body;
    const more = make('details');
    (more as HTMLDetailsElement).open = !!overlay.root.querySelector('details[open]');
    more.append(make('summary', `${word('others')} (${others.length})`), ...others.map((d) => part(overlay, d)));
    body.appendChild(more);
    return body;
}

function draw(overlay: Overlay): void {
    const { root } = overlay;
    const aside = make('aside');
    aside.setAttribute('aria-label', 'mete preview');
    const scrolled = root.querySelector('aside') ? root.querySelector('aside')!.scrollTop : 0;
    aside.append(headOf(overlay, aside), bodyOf(overlay));
    root.querySelectorAll('aside').forEach((old) => old.remove());
    root.appendChild(aside);
    fold(overlay, findPlace().isFolded);
    aside.scrollTop = scrolled;
}

const LOOK_MS = 500;

/* What is said of the page follows it; what is under the pointer or the keyboard stays. */
function look({ root, context, shown, reply }: Overlay): void {
    root.querySelectorAll('section[data-campaign]').forEach((old) => {
        const campaign = old.getAttribute('data-campaign');
        const decision = reply.decisions.find((d) => d.campaign === campaign)!;
        const fresh = campaignPart(context, shown, decision, () => {});
        ['small', 'ul'].forEach((name) => {
            const [was, is] = [old.querySelector(name), fresh.querySelector(name)];
            if (was && is && was.innerHTML !== is.innerHTML) was.replaceWith(is);
        });
    });
}

async function decide(overlay: Overlay): Promise<void> {
    const { context, shown } = overlay;
    const { evaluate } = await loadModule<LocalModule>(context.options, 'local');
    overlay.reply = evaluate(shown.config, context.visitor, context.attributes(), Date.now(), shown.forced);
    await context.show(overlay.reply);
}

/* The visitor is an ordinary one from now on. */
function giveUp(context: PreviewContext, why: string): Promise<void> {
    keepPreview('off');
    const root = attach();
    const aside = make('aside');
    const said = make('p', word('failed', { why: why.replace(/\.$/, '') }));
    aside.setAttribute('aria-label', 'mete preview');
    said.setAttribute('role', 'alert');
    aside.append(
        said,
        button(word('close'), () => aside.remove()),
    );
    root.appendChild(aside);
    return context.ordinary();
}

async function showDraft(context: PreviewContext, shown: Shown, token: string): Promise<void> {
    keepPreview(write(token, shown.forced));
    const first = Object.keys(shown.forced);
    const overlay: Overlay = { root: attach(), context, shown, reply: null!, first };
    await decide(overlay);
    draw(overlay);
    setInterval(() => look(overlay), LOOK_MS);
}

export async function open(context: PreviewContext): Promise<void> {
    const { preview, options } = context;
    const token = tokenOf(preview);
    const picking = readPicking(preview);
    let shown: Shown | null = null;
    try {
        if (picking) await checkToken(options, token);
        else shown = await findShown(options, preview);
    } catch (why) {
        return giveUp(context, (why as Error).message);
    }
    /* The link is whole in the tab: no page's address, and nobody it is told to, has to hold it. */
    if (token && location.search.includes(token)) history.replaceState(history.state, '', addressWithout());
    if (picking) pick(picking, end);
    else if (shown) await showDraft(context, shown, token);
}

// SPDX-License-Identifier: MIT
// The overlay for testing: which campaigns there are, what this visitor gets and why, and every
// other variant by a click. Decides in the browser, from the configuration.

import { askLocal, url } from '../core/decide';
import { keepPreview, type PreviewContext } from '../core/preview';
import type { Decision, Forced } from '../core/types';
import type { Config } from '../local/evaluate';

const STYLE = `:host{all:initial}
aside{position:fixed;right:16px;bottom:16px;z-index:2147483600;width:340px;max-width:calc(100vw - 32px);
max-height:70vh;overflow:auto;
font:14px/1.45 system-ui,sans-serif;color:#1c2430;background:#fff;border:1px solid #c9d1dc;border-radius:12px;
box-shadow:0 12px 40px rgba(0,0,0,.25)}
header{display:flex;justify-content:space-between;align-items:center;padding:8px 8px 8px 16px;
background:#1c2430;color:#fff;position:sticky;top:0}
button{font:inherit;cursor:pointer;border:0;background:none;color:inherit;padding:6px 10px;border-radius:6px}
section{padding:12px 16px;border-top:1px solid #e3e8ef}b{display:block}small{color:#56606f;display:block;
margin-bottom:6px}
section button{border:1px solid #c9d1dc;margin:0 6px 6px 0;padding:4px 10px}
section button[aria-pressed=true]{background:#1d5fd1;border-color:#1d5fd1;color:#fff}
button:focus-visible{outline:3px solid #7db4ff}`;

const WHY: { [reason: string]: string } = {
    bucket: 'by chance, as every visitor',
    forced: 'as a testing visitor',
    preview: 'chosen here',
    panic: 'everybody gets the control: panic is on',
    junk_id: 'the id is nobody’s',
    schedule: 'not now: before its start or after its end',
    holdout: 'held out of all campaigns',
    layer: 'another campaign of the layer has this visitor',
    audience: 'not in the audience',
    coverage: 'not among the visitors that take part',
};

export const readForced = (preview: string): Forced =>
    preview.split(',').reduce<Forced>((forced, part) => {
        const [campaign, variant] = part.split(':');
        return variant ? { ...forced, [campaign!]: variant } : forced;
    }, {});

const write = (forced: Forced): string =>
    Object.keys(forced)
        .map((campaign) => `${campaign}:${forced[campaign]}`)
        .join(',') || '1';

function make(name: string, text = ''): HTMLElement {
    const made = document.createElement(name);
    made.textContent = text;
    return made;
}

function button(text: string, fn: () => void): HTMLElement {
    const made = make('button', text);
    made.setAttribute('type', 'button');
    made.addEventListener('click', fn);
    return made;
}

function draw(
    root: ShadowRoot,
    context: PreviewContext,
    config: Config,
    decisions: Decision[],
    forced: Forced,
    chosen: string,
): void {
    let focused: HTMLElement | null = null;
    const aside = make('aside');
    const header = make('header', 'mete preview');
    aside.setAttribute('aria-label', 'mete preview');
    header.appendChild(
        button('End', () => {
            keepPreview('off');
            const address = new URL(location.href);
            address.searchParams.delete('mete_preview');
            location.replace(address.href);
        }),
    );
    aside.appendChild(header);
    if (!decisions.length) aside.appendChild(make('section', 'No campaign is running.'));
    decisions.forEach((decision) => {
        const campaign = config.campaigns.find((c) => c.campaign === decision.campaign)!;
        const run = context.runs().find((r) => r.decision.campaign === decision.campaign);
        const on = run && run.isOn() ? 'on this page' : 'not on this page yet';
        const section = make('section');
        section.appendChild(make('b', decision.campaign));
        section.appendChild(
            make(
                'small',
                `${decision.variant || 'nothing'}: ${WHY[decision.reason] || decision.reason}${run ? `; ${on}` : ''}`,
            ),
        );
        campaign.variants.forEach(({ variant }) => {
            const isHere = decision.variant === variant;
            const choice = button(
                variant,
                () => void again(root, context, { ...forced, [decision.campaign]: variant }, decision.campaign),
            );
            choice.setAttribute('aria-pressed', String(isHere));
            if (isHere && decision.campaign === chosen) focused = choice;
            section.appendChild(choice);
        });
        aside.appendChild(section);
    });
    root.querySelectorAll('aside').forEach((old) => old.remove());
    root.appendChild(aside);
    if (focused) (focused as HTMLElement).focus();
}

async function again(root: ShadowRoot, context: PreviewContext, forced: Forced, chosen = ''): Promise<void> {
    keepPreview(write(forced));
    await context.again(forced);
    const [reply, config] = await Promise.all([
        askLocal(context.options, context.visitor, context.attributes(), forced),
        fetch(url(context.options, 'config?'), { credentials: 'omit' }).then((r) => r.json() as Promise<Config>),
    ]);
    draw(root, context, config, reply.decisions, forced, chosen);
}

export async function open(context: PreviewContext): Promise<void> {
    const host = document.createElement('div');
    host.setAttribute('data-mete', '');
    const root = host.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    await again(root, context, readForced(context.preview));
    const put = (): void => {
        document.body.appendChild(host);
    };
    if (document.body) put();
    else document.addEventListener('DOMContentLoaded', put);
}

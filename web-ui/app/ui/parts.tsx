// SPDX-License-Identifier: GPL-3.0-or-later
// Small parts that every page is made of.
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { t } from '../lib/i18n';
import { Link } from '../lib/router';

interface PageProps {
    title: string;
    isNarrow?: boolean;
    actions?: ComponentChildren;
    children: ComponentChildren;
}

/* A page's heading, which is the window's title too. */
export function Page({ title, isNarrow, actions, children }: PageProps) {
    useEffect(() => {
        document.title = `${title} · ${t('app.name')}`;
    }, [title]);
    return (
        <div class={isNarrow ? 'page page-narrow' : 'page'}>
            <header class="page-head">
                <h1>{title}</h1>
                {actions && <div class="row no-print">{actions}</div>}
            </header>
            {children}
        </div>
    );
}

export type Tone = 'plain' | 'good' | 'bad' | 'warn' | 'accent';

export function Badge({ tone = 'plain', children }: { tone?: Tone; children: ComponentChildren }) {
    return <span class={tone === 'plain' ? 'badge' : `badge badge-${tone}`}>{children}</span>;
}

/* What is wrong with several fields as a whole. */
export function Complaint({ text }: { text: string }) {
    return (
        <p class="field">
            <span class="message" role="alert">
                {text}
            </span>
        </p>
    );
}

interface SegmentedProps<T extends string> {
    label: string;
    value: T;
    options: { value: T; label: string }[];
    onValue: (value: T) => void;
}

/* One of a few, all visible. */
export function Segmented<T extends string>({ label, value, options, onValue }: SegmentedProps<T>) {
    return (
        <div class="segmented" role="group" aria-label={label}>
            {options.map((option) => (
                <button
                    key={option.value}
                    type="button"
                    aria-pressed={option.value === value}
                    onClick={() => onValue(option.value)}
                >
                    {option.label}
                </button>
            ))}
        </div>
    );
}

export function Tabs({
    label,
    tabs,
    current,
}: {
    label: string;
    tabs: { to: string; label: string }[];
    current: string;
}) {
    return (
        <nav class="tabs" aria-label={label}>
            {tabs.map((tab) => (
                <Link key={tab.to} to={tab.to} aria-current={tab.to === current ? 'page' : undefined}>
                    {tab.label}
                </Link>
            ))}
        </nav>
    );
}

export function Facts({ facts }: { facts: { label: string; value: ComponentChildren }[] }) {
    return (
        <dl class="facts">
            {facts.map((fact) => (
                <div key={fact.label}>
                    <dt>{fact.label}</dt>
                    <dd>{fact.value}</dd>
                </div>
            ))}
        </dl>
    );
}

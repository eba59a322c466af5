// SPDX-License-Identifier: GPL-3.0-or-later
import type { ButtonHTMLAttributes, ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Link } from '../lib/router';

type Look = 'primary' | 'danger' | 'quiet' | 'plain';

interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'onClick'> {
    look?: Look;
    onClick?: () => void | Promise<unknown>;
    children?: ComponentChildren;
}

export const classOf = (look: Look) => (look === 'plain' ? 'button' : `button button-${look}`);

/* Waits for what it began: a second click in between does nothing. */
export function Button({ look = 'plain', onClick, children, disabled, type = 'button', ...rest }: ButtonProps) {
    const [isBusy, setBusy] = useState(false);
    const onPress = async () => {
        if (!onClick || isBusy) return;
        const begun = onClick();
        if (!(begun instanceof Promise)) return;
        setBusy(true);
        try {
            await begun;
        } finally {
            setBusy(false);
        }
    };
    return (
        <button type={type} class={classOf(look)} disabled={disabled} aria-busy={isBusy} onClick={onPress} {...rest}>
            {children}
        </button>
    );
}

export function ButtonLink({ to, look = 'plain', children }: { to: string; look?: Look; children: ComponentChildren }) {
    return (
        <Link to={to} class={classOf(look)}>
            {children}
        </Link>
    );
}

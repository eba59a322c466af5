// SPDX-License-Identifier: GPL-3.0-or-later
import { useState } from 'preact/hooks';
import { t } from '../lib/i18n';
import { Button } from './Button';

/* Something to take along: a token, a link, a line of code. */
export function CopyText({ text }: { text: string }) {
    const [isCopied, setCopied] = useState(false);
    const copy = async () => {
        await navigator.clipboard.writeText(text);
        setCopied(true);
    };
    return (
        <div class="copy-text">
            <pre class="code" tabIndex={0}>
                {text}
            </pre>
            <Button onClick={copy}>{t(isCopied ? 'action.copied' : 'action.copy')}</Button>
        </div>
    );
}

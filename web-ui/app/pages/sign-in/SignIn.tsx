// SPDX-License-Identifier: GPL-3.0-or-later
import { t } from '../../lib/i18n';
import { Page } from '../../ui/parts';

export function SignIn({ onSignedIn }: { onSignedIn: () => Promise<void> }) {
    void onSignedIn;
    return (
        <main class="main">
            <Page title={t('signIn.title')} isNarrow>
                <p class="soft">{t('signIn.intro')}</p>
                <div class="card stack">
                    <p>{t('signIn.link')}</p>
                    <pre class="code">mete login-link</pre>
                </div>
            </Page>
        </main>
    );
}

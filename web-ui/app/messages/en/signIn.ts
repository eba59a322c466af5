// SPDX-License-Identifier: GPL-3.0-or-later
export default {
    'signIn.title': 'Sign in',
    'signIn.intro': 'mete allots variants to visitors, and measures what they change.',
    'signIn.link': 'You are not signed in. On the server, this prints a link that works once:',
} as const;

// SPDX-License-Identifier: MIT
import { MODULE } from '../core/module';
import { askForCookie, kinds, onMoment, reported, watchSelectors } from '../late/late';

(window as any)[MODULE + 'late'] = { askForCookie, kinds, onMoment, reported, watchSelectors };

// SPDX-License-Identifier: MIT
import { MODULE } from '../core/module';
import * as late from '../late/late';

(window as any)[MODULE + 'late'] = { ...late };

// SPDX-License-Identifier: MIT
import { MODULE } from '../core/module';
import { evaluate } from '../local/evaluate';

(window as any)[MODULE + 'local'] = { evaluate };

/** Readings of this machine. All are cheap: nothing is started, no more than a few small files are read. */
import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg, totalmem } from 'node:os';
import { coresBusyWithOthers } from './busy.js';

export interface Readings {
  /** Cores this process may use: affinity and cgroup quota respected; at least 1, may be a fraction. */
  readonly cores: number;
  /** One-minute load divided by the cores; 0 where the system has none (Windows). */
  readonly loadPerCore: number;
  /** Bytes that can still be used, the cgroup's limit respected. */
  readonly availableMemory: number;
  readonly totalMemory: number;
  /** Share of the last 10 s in which something waited for a CPU, 0 to 100; null where the kernel does not say. */
  readonly cpuPressure: number | null;
  /** Cores that others have kept busy since this process began; null or absent where nobody can tell. */
  readonly otherCores?: number | null;
}

export function readMachine(): Readings {
  const cores = Math.max(1, Math.min(availableParallelism(), cgroupCpuQuota() ?? Infinity));
  return {
    cores,
    loadPerCore: (loadavg()[0] ?? 0) / cores,
    ...memoryOf(),
    cpuPressure: cpuPressure(),
    otherCores: coresBusyWithOthers(),
  };
}

/** The cgroup's limit respected. */
export function memoryOf(): Pick<Readings, 'availableMemory' | 'totalMemory'> {
  const constrained = process.constrainedMemory();
  const totalMemory = constrained > 0 && constrained < totalmem() ? constrained : totalmem();
  return { availableMemory: Math.min(process.availableMemory(), totalMemory), totalMemory };
}

/** Node's availableParallelism does not see a cgroup's CPU quota (measured on 20 and 24, cgroup v1). */
function cgroupCpuQuota(): number | null {
  const v2 = textOf('/sys/fs/cgroup/cpu.max')?.trim().split(/\s+/);
  if (v2 !== undefined && v2[0] !== 'max') return ratio(v2[0], v2[1]);
  return ratio(textOf('/sys/fs/cgroup/cpu/cpu.cfs_quota_us'), textOf('/sys/fs/cgroup/cpu/cpu.cfs_period_us'));
}

/** Of the kernel's own: no disk is waited for. */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function ratio(quota: string | undefined, period: string | undefined): number | null {
  const value = Number(quota) / Number(period);
  return Number.isFinite(value) && value > 0 ? value : null;
}

function cpuPressure(): number | null {
  const match = /^some avg10=([\d.]+)/m.exec(textOf('/proc/pressure/cpu') ?? '');
  return match?.[1] === undefined ? null : Number(match[1]);
}

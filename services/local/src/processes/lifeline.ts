// Loaded before a child's own entry (`node --import`). The launcher holds the other end of stdin: when it is gone without
// having said so, for example by `kill -9`, the child asks itself to end as if it had been told.
process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM'));
process.stdin.on('error', () => process.kill(process.pid, 'SIGTERM'));
process.stdin.resume();
// Waiting for that is no reason to go on living.
(process.stdin as unknown as { unref?: () => void }).unref?.();

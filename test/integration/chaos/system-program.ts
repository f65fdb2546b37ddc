// Starts a system in the folder of its argument, stops one of its shards, and says so. It never ends by itself.
import { startSystem } from '../../chaos/system/start-system.ts';

const folder = process.argv[2];
if (folder === undefined) throw new Error('name a folder');
const system = await startSystem({ folder, shards: 1, topology: 'single' });
system.shards.shard(0).stop();
process.stdout.write('started\n');
setInterval(() => {}, 1_000_000);

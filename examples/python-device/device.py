"""A device on a bare WebSocket: PROTOCOL.md and a WebSocket library, nothing of Flotilla's. Python 3.9 or newer.

Prints what it is sent, each message at least once: what a lost connection may have swallowed comes again. Tells its temperature.

ADDRESS_URL  where its business hands out addresses; default http://127.0.0.1:8081/address, backend.ts beside this file
DEVICE_KEY   what it shows there; default device-7:secret
INTERVAL_S   seconds between two readings; default 10
"""

import asyncio, contextlib, json, os, random, re, signal, sys, time, urllib.error, urllib.parse, urllib.request

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

ADDRESS_URL = os.environ.get("ADDRESS_URL", "http://127.0.0.1:8081/address")
HEADERS = {"authorization": "Bearer " + os.environ.get("DEVICE_KEY", "device-7:secret")}
INTERVAL_S = float(os.environ.get("INTERVAL_S", "10"))


def fetch_address():
    """A token is good once, and the shard may be another one by now: every attempt takes a fresh address."""
    with urllib.request.urlopen(urllib.request.Request(ADDRESS_URL, headers=HEADERS), timeout=10) as response:
        address = json.load(response)
    return f"{address['url']}?token={urllib.parse.quote(address['token'], safe='')}"


async def tell(socket):
    with contextlib.suppress(ConnectionClosed):
        while True:
            await socket.send(json.dumps({"temperature": round(random.gauss(21, 2), 1)}))
            await asyncio.sleep(INTERVAL_S)


async def serve():
    """One connection; returns its close code, its close reason and its seconds. The library answers the shard's pings, by which
    the shard knows what has arrived; with pings of its own it notices a dead network within 20 s."""
    url = await asyncio.to_thread(fetch_address)
    async with connect(url, open_timeout=10, ping_interval=15, ping_timeout=5) as socket:
        opened, telling = time.monotonic(), asyncio.create_task(tell(socket))
        try:
            with contextlib.suppress(ConnectionClosed):
                async for text in socket:
                    print(text, flush=True)
        finally:
            telling.cancel()
        return socket.close_code, socket.close_reason or "", time.monotonic() - opened


async def main():
    device = asyncio.current_task()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, device.cancel)
    failures = 0
    while True:
        said = ""
        try:
            code, said, lasted = await serve()
            failures = 0 if lasted >= 5 else failures
            print(f"closed: {code} {said}", file=sys.stderr, flush=True)
            if 4500 <= code <= 4599:
                return  # It is not wanted any more; coming again would change nothing.
        except urllib.error.HTTPError as refused:
            print(f"no address: {refused}", file=sys.stderr, flush=True)
            if refused.code in (401, 403):
                return
        except InvalidStatus as refused:
            said = refused.response.body.decode(errors="replace")
        except Exception as error:  # whatever is wrong now may be right later
            print(f"failed: {error!r}", file=sys.stderr, flush=True)
        told = re.search(r'retry-after-ms=(\d+)|"retryAfterMs":(\d+)', said)  # in a close reason, in a refusal
        failures += 0 if told else 1
        most = min(20, 0.2 * 2 ** min(failures, 10))
        await asyncio.sleep(int(told[1] or told[2]) / 1000 + random.uniform(0, 0.2) if told else random.uniform(0, most))


try:
    asyncio.run(main())
except asyncio.CancelledError:
    pass  # SIGTERM: the connection was closed on the way out.

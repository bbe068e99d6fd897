"""Fetches jobs from procrastinate, a queue on Postgres. Prints `name<TAB>jobs a second`."""

import asyncio
import sys
import time

import procrastinate

JOBS = 6_000


async def main(uri):
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=uri, min_size=16, max_size=16))

    @app.task(name="nothing")
    def nothing(number):
        pass

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        worker = await app.job_manager.register_worker()
        for callers in (1, 16, 64):
            count = JOBS // (4 if callers == 1 else 1)
            await nothing.configure().batch_defer_async(*({"number": number} for number in range(count)))
            fetched = 0

            async def fetch():
                nonlocal fetched
                while await app.job_manager.fetch_job(queues=None, worker_id=worker) is not None:
                    fetched += 1

            start = time.perf_counter()
            await asyncio.gather(*(fetch() for _ in range(callers)))
            rate = fetched / (time.perf_counter() - start)
            print(f"procrastinate {procrastinate.__version__}, {callers} claimers\t{rate:.0f}", flush=True)


asyncio.run(main(sys.argv[1]))

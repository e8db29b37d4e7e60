"""Requests per second: the bare server, the front's cached page, and what goes through to Django.

Needs `wrk`. Rounds alternate between the applications, so that a busy minute hits all of them; the best and the
median of the rounds are printed, with the ratio to the bare server of the same run.
"""

import argparse
import re
import statistics
import subprocess

from bench.servers import SERVERS, installed, others_busy, serving

CASES = (
    ("bare hello", "hello", "/"),
    ("bare, the page's headers and bytes", "same_bytes", "/"),
    ("front, cached page", "front", "/c/board/"),
    ("front + our bridge, Django", "front", "/c/ask/"),
    ("front + a2wsgi, Django", "front_a2wsgi", "/c/ask/"),
)


def measure(port: int, target: str, seconds: int) -> tuple[float, float]:
    """Requests per second and the 99th percentile in milliseconds; raises when an answer is not 200."""
    command = ["wrk", "-t1", "-c32", f"-d{seconds}s", "--latency", "--timeout", "10s"]
    command += ["-H", "Accept-Encoding: gzip, deflate, br", f"http://127.0.0.1:{port}{target}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(said)
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", said).groups()  # type: ignore[union-attr]
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said).group(1)  # type: ignore[union-attr]
    return float(rate), float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print(f"others keep {others_busy():.2f} cores busy before the first round\n")
    print("|server|what|best req/s|median req/s|p99 ms|of the bare server (median)|")
    print("|---|---|--:|--:|--:|--:|")
    for server in filter(installed, SERVERS):
        rates: dict[str, list[float]] = {title: [] for title, _, _ in CASES}
        slow: dict[str, list[float]] = {title: [] for title, _, _ in CASES}
        for _ in range(options.rounds):
            for title, name, target in CASES:
                with serving(server, name) as (port, _):
                    measure(port, target, 1)
                    rate, p99 = measure(port, target, options.seconds)
                rates[title].append(rate)
                slow[title].append(p99)
        bare = statistics.median(rates["bare hello"])
        for title, values in rates.items():
            median = statistics.median(values)
            print(
                f"|{server}|{title}|{max(values):,.0f}|{median:,.0f}|{statistics.median(slow[title]):.1f}"
                f"|{median / bare:.2f}|"
            )
    print(f"\nothers keep {others_busy():.2f} cores busy after the last round")


if __name__ == "__main__":
    main()

"""A TCP proxy that can be told to go silent, to cut its connections, or to refuse new ones."""

import asyncio
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict


class Proxy:
    """Between a test and its database."""

    def __init__(self, url: str) -> None:
        self._database = {name: str(value) for name, value in conninfo_to_dict(url).items()}
        self._server: asyncio.Server | None = None
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.refusing = False
        self.connections = 0

    async def __aenter__(self) -> "Proxy":
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *exc: object) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()

    @property
    def url(self) -> str:
        """The database's address, through the proxy."""
        assert self._server is not None
        port = self._server.sockets[0].getsockname()[1]
        user = quote(self._database["user"], safe="")
        if "password" in self._database:
            user += ":" + quote(self._database["password"], safe="")
        return f"postgresql://{user}@127.0.0.1:{port}/{self._database['dbname']}"

    def freeze(self) -> None:
        """Let nothing through any more, without closing anything."""
        self._flowing.clear()

    def thaw(self) -> None:
        """Let it through again."""
        self._flowing.set()

    def cut(self) -> None:
        """Close every connection."""
        for task in self._tasks:
            task.cancel()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        if self.refusing:
            writer.close()
            return
        far_reader, far_writer = await self._open()
        ends = [
            asyncio.create_task(self._pump(reader, far_writer)),
            asyncio.create_task(self._pump(far_reader, writer)),
        ]
        self._tasks.update(ends)
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            end.cancel()
        self._tasks.difference_update(ends)
        writer.close()
        far_writer.close()

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to the database; the embedded one listens on a socket file only."""
        host, port = self._database["host"], self._database.get("port", "5432")
        if host.startswith("/"):
            return await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        return await asyncio.open_connection(host, port)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            await self._flowing.wait()
            writer.write(data)
            await writer.drain()

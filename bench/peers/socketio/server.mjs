// A durable chat: one row a message, committed before anybody is told; rooms of people, over all processes through Redis.
import { createServer } from "node:http";
import { createAdapter } from "@socket.io/redis-adapter";
import pg from "pg";
import { createClient } from "redis";
import { Server } from "socket.io";

const { PORT, DATABASE_URL, REDIS_URL, POOL } = process.env;
const INSERT = {
  name: "insert",
  text: "INSERT INTO message (conversation_id, sender_id, content, ref) VALUES ($1, $2, $3, $4) RETURNING id, created_at",
};
const READ = {
  name: "read",
  text: "UPDATE participant SET read_up_to = $3 WHERE conversation_id = $1 AND user_id = $2 AND read_up_to < $3",
};
const TALKS = "SELECT conversation_id, array_agg(user_id) AS people FROM participant WHERE conversation_id IN "
  + "(SELECT conversation_id FROM participant WHERE user_id = $1) GROUP BY conversation_id";

const pool = new pg.Pool({ connectionString: DATABASE_URL, max: Number(POOL) });
const publisher = createClient({ url: REDIS_URL });
const subscriber = publisher.duplicate();
await Promise.all([publisher.connect(), subscriber.connect()]);
const server = createServer();
const io = new Server(server, { adapter: createAdapter(publisher, subscriber), transports: ["websocket"] });

io.use(async (socket, next) => {
  const user = Number(socket.handshake.auth.user);
  const { rows } = await pool.query(TALKS, [user]);
  socket.data = { user, talks: new Map(rows.map((row) => [Number(row.conversation_id), row.people.map(Number)])) };
  next();
});

io.on("connection", (socket) => {
  const { user, talks } = socket.data;
  const tell = (people, event, what) => io.to(people.map((person) => `user:${person}`)).emit(event, what);
  // What one person says stays in order: the pool's connections would overtake each other.
  let last = Promise.resolve();
  socket.join(`user:${user}`);
  socket.on("send", ({ conversation, ref, content }, answer) => {
    const people = talks.get(conversation);
    if (!people || typeof content !== "string" || !content.trim() || content.length > 4000) return answer({ error: "refused" });
    last = last.then(async () => {
      const { rows } = await pool.query({ ...INSERT, values: [conversation, user, content, ref] });
      const row = { id: Number(rows[0].id), conversation, sender: user, content, ref, created_at: rows[0].created_at };
      tell(people, "message", row);
      answer({ id: row.id });
    });
  });
  socket.on("read", async ({ conversation, message }) => {
    const people = talks.get(conversation);
    if (!people) return;
    const { rowCount } = await pool.query({ ...READ, values: [conversation, user, message] });
    if (rowCount) tell(people, "read", { conversation, reader: user, message });
  });
});

server.listen(Number(PORT), "127.0.0.1", () => console.log("listening"));

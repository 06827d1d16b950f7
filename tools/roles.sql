-- The database and its three roles: one owns the tables and brings them up to date, one is the operator's, for the
-- command line and where nobody signs in, and one is the server's where people sign in: it is held by what each may see.
-- Run as a superuser, and again whenever it has more to say than the last time:
--   OWNER_PASSWORD=... APP_PASSWORD=... WEB_PASSWORD=... psql -v ON_ERROR_STOP=1 -f tools/roles.sql postgres
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD
\getenv web_password WEB_PASSWORD

-- A role that is there keeps its password.
SELECT format('CREATE ROLE %I LOGIN PASSWORD %L', made.name, made.password)
FROM (VALUES ('lianfang_owner', :'owner_password'), ('lianfang', :'app_password'), ('lianfang_web', :'web_password'))
    AS made(name, password)
WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = made.name) \gexec
-- A process that froze in the middle of a write must not keep the others waiting for ever.
ALTER ROLE lianfang SET idle_in_transaction_session_timeout = '5min';
ALTER ROLE lianfang_web SET idle_in_transaction_session_timeout = '5min';
-- Counts over years sort in memory, and none is long enough for a compiler to pay.
ALTER ROLE lianfang SET work_mem = '32MB';
ALTER ROLE lianfang_web SET work_mem = '32MB';
ALTER ROLE lianfang SET jit = off;
ALTER ROLE lianfang_web SET jit = off;

SELECT $$CREATE DATABASE lianfang OWNER lianfang_owner TEMPLATE template0 ENCODING 'UTF8'$$
WHERE NOT EXISTS (SELECT 1 FROM pg_database WHERE datname = 'lianfang') \gexec
REVOKE ALL ON DATABASE lianfang FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE lianfang TO lianfang;
GRANT CONNECT ON DATABASE lianfang TO lianfang_web;

\connect lianfang
CREATE EXTENSION IF NOT EXISTS postgis;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO lianfang_owner;
GRANT USAGE ON SCHEMA public TO lianfang, lianfang_web;
-- Of what the owner makes later too: rows, but neither tables nor TRUNCATE. The server's role is told row by row.
ALTER DEFAULT PRIVILEGES FOR ROLE lianfang_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO lianfang;
ALTER DEFAULT PRIVILEGES FOR ROLE lianfang_owner IN SCHEMA public GRANT USAGE ON SEQUENCES TO lianfang;

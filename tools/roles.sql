-- The database and its two roles: one owns the tables and brings them up to date, the other is the program's.
-- Run once, as a superuser:  OWNER_PASSWORD=... APP_PASSWORD=... psql -v ON_ERROR_STOP=1 -f tools/roles.sql postgres
\getenv owner_password OWNER_PASSWORD
\getenv app_password APP_PASSWORD

CREATE ROLE lianfang_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE lianfang LOGIN PASSWORD :'app_password';
-- A process that froze in the middle of a write must not keep the others waiting for ever.
ALTER ROLE lianfang SET idle_in_transaction_session_timeout = '5min';
-- Counts over years sort in memory, and none is long enough for a compiler to pay.
ALTER ROLE lianfang SET work_mem = '32MB';
ALTER ROLE lianfang SET jit = off;

CREATE DATABASE lianfang OWNER lianfang_owner TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE lianfang FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE lianfang TO lianfang;

\connect lianfang
CREATE EXTENSION postgis;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO lianfang_owner;
GRANT USAGE ON SCHEMA public TO lianfang;
-- Of what the owner makes later too: rows, but neither tables nor TRUNCATE.
ALTER DEFAULT PRIVILEGES FOR ROLE lianfang_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO lianfang;
ALTER DEFAULT PRIVILEGES FOR ROLE lianfang_owner IN SCHEMA public GRANT USAGE ON SEQUENCES TO lianfang;

-- The two roles of an installation: one that owns the tables, and one the program works as.
--
-- Run in fjorten's database by somebody who may make roles (postgres); again after `fjorten restore`, and whenever in doubt:
--   psql --dbname=fjorten --set=owner=fjorten_owner --set=app=fjorten --file=roles.sql
-- The owner changes tables (`fjorten init`, `fjorten restore`), and nothing else is done as the owner. The program's role reads and writes
-- rows, is walled in by the policies, and can neither take them away nor go past them.
\set ON_ERROR_STOP on
SELECT format('CREATE ROLE %I LOGIN', name) FROM unnest(ARRAY[:'owner', :'app']) AS name
WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE :"app" NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
REASSIGN OWNED BY :"app" TO :"owner"; -- what an installation with one role has made
SELECT format('ALTER DATABASE %I OWNER TO %I', current_database(), :'owner') \gexec
ALTER SCHEMA public OWNER TO :"owner";
GRANT USAGE ON SCHEMA public TO :"app";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO :"app";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO :"app";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"app";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO :"app";

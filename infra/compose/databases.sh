#!/bin/sh
# databases.sh NAME...: create the databases that are missing. PGHOST and PGUSER say where and who,
# PASSWORD_FILE names the file of the password.
set -eu
PGPASSWORD=$(cat "$PASSWORD_FILE")
export PGPASSWORD
for name in "$@"; do
	known=$(psql --dbname postgres --tuples-only --no-align --set "name=$name" <<-'SQL'
		SELECT 1 FROM pg_database WHERE datname = :'name'
	SQL
	)
	[ -n "$known" ] || createdb "$name"
done

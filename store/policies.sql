-- What only PostgreSQL has of the rules: see store/policies.py, which writes it into the schema `seen`.

-- What each party shares, as rows that a query can ask: they follow the agreement, and nobody else writes them.
CREATE FUNCTION seen.let_parties_follow() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM public.parties WHERE agreement_id = NEW.id;
    INSERT INTO public.parties (agreement_id, jurisdiction_id, categories, fields, consented)
    SELECT
        NEW.id,
        every.party,
        ',' || (SELECT coalesce(string_agg(word.value, ',' ORDER BY word.place), '')
                FROM json_array_elements_text(coalesce(told.share -> 'categories', NEW.categories))
                    WITH ORDINALITY AS word(value, place)) || ',',
        ',' || (SELECT coalesce(string_agg(word.value, ',' ORDER BY word.place), '')
                FROM json_array_elements_text(coalesce(told.share -> 'fields', seen.every_field()))
                    WITH ORDINALITY AS word(value, place)) || ',',
        EXISTS (SELECT 1 FROM json_array_elements(NEW.consents) AS given(consent)
                WHERE given.consent ->> 'party' = every.party)
    FROM (SELECT NEW.a AS party UNION SELECT NEW.b
          UNION SELECT strip.value ->> 'a' FROM json_array_elements(NEW.others) AS strip(value)
          UNION SELECT strip.value ->> 'b' FROM json_array_elements(NEW.others) AS strip(value)) AS every
    LEFT JOIN LATERAL (SELECT one.value AS share FROM json_array_elements(NEW.shares) AS one(value)
                       WHERE one.value ->> 'party' = every.party LIMIT 1) AS told ON true;
    RETURN NULL;
END $$;
CREATE TRIGGER parties_follow AFTER INSERT OR UPDATE ON public.agreements
    FOR EACH ROW EXECUTE FUNCTION seen.let_parties_follow();

-- Which rows lie in an agreement's zone. Only the database looks at the rows of all regions; whoever asks learns
-- nothing. The ranges of cells, which together cover the zone, find the rows by their index.
CREATE FUNCTION seen.share(agreement text, firsts bigint[], lasts bigint[]) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF session_user = 'lianfang_web' AND agreement NOT IN (SELECT own.agreement_id FROM seen.ours() AS own) THEN
        RAISE EXCEPTION 'not an agreement of this actor' USING ERRCODE = 'insufficient_privilege';
    END IF;
    DELETE FROM public.shared_incidents WHERE agreement_id = agreement;
    DELETE FROM public.shared_firms WHERE agreement_id = agreement;
    INSERT INTO public.shared_incidents (n, agreement_id)
    SELECT DISTINCT i.n, agreement
    FROM unnest(firsts, lasts) AS cells(first, last)
    JOIN public.incidents AS i ON i.cell >= cells.first AND i.cell < cells.last
    JOIN public.zones AS z ON z.agreement_id = agreement
        AND public.ST_Intersects(z.geometry, public.ST_SetSRID(public.ST_MakePoint(i.lon, i.lat), 4326));
    INSERT INTO public.shared_firms (n, agreement_id)
    SELECT DISTINCT f.n, agreement
    FROM public.firms AS f
    JOIN public.zones AS z ON z.agreement_id = agreement AND public.ST_Intersects(z.geometry, f.place);
END $$;

-- What the door needs of somebody who is not in yet: one thing of one person or screen, whose name or token is known.
CREATE FUNCTION seen.person_of(person text)
RETURNS TABLE (id text, name text, role text, regions json, made_at_us bigint, subject text, active boolean, epoch integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT p.id, p.name, p.role, p.regions, p.made_at_us, p.subject, p.active, p.epoch
   FROM public.people AS p WHERE p.id = person $$;
CREATE FUNCTION seen.known_as(provided text) RETURNS TABLE (id text) LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT p.id FROM public.people AS p WHERE p.subject = provided $$;
CREATE FUNCTION seen.device_of(hashed text)
RETURNS TABLE (id text, name text, regions json, made_at_us bigint, made_by text, revoked_at_us bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT v.id, v.name, v.regions, v.made_at_us, v.made_by, v.revoked_at_us
   FROM public.devices AS v WHERE v.token = hashed $$;
-- Somebody's own new password, which ends the sessions of before, or the old one kept with more work.
CREATE FUNCTION seen.keep_password(person text, at_epoch integer, kept text) RETURNS void LANGUAGE sql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ UPDATE public.people AS p SET password = kept, epoch = at_epoch
   WHERE p.id = person AND p.active AND at_epoch - p.epoch IN (0, 1) $$;
CREATE FUNCTION seen.password_of(person text) RETURNS text LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT p.password FROM public.people AS p WHERE p.id = person AND p.active $$;

-- Staff by name as people expect it, on every database alike.

-- What a name is sorted by: digits only, which no collation sorts otherwise. Empty until it is filled in.
alter table profiles add column name_order text not null default '';

-- A search by name or email reads nothing but this index.
drop index profiles_by_name;
create index profiles_by_name on profiles (clinic_id, name_order, profile_id, name, email_key);

-- Two hold only the rows they are for: PostgreSQL planned sign-ins along them, through everybody of the clinic.
drop index if exists profiles_by_active;
drop index if exists profiles_deactivated;
create index profiles_deactivated on profiles (clinic_id, name_order, profile_id) where active = 0;
drop index if exists profiles_by_earlier_email;
create index profiles_by_earlier_email on profiles (clinic_id, earlier_email_key) where earlier_email_key is not null;

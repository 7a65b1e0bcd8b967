BEGIN TRANSACTION;
CREATE TABLE answers (
	"key" TEXT NOT NULL, 
	asked_at TEXT NOT NULL, 
	server INTEGER, 
	person TEXT NOT NULL, 
	question TEXT NOT NULL, 
	earlier JSON NOT NULL, 
	language TEXT NOT NULL, 
	answered BOOLEAN NOT NULL, 
	confidence DOUBLE NOT NULL, 
	elapsed_ms DOUBLE NOT NULL, 
	quoted JSON NOT NULL, 
	pages JSON, 
	PRIMARY KEY ("key")
);
INSERT INTO "answers" VALUES('answered-by-quot','2024-05-17T09:30:00+00:00',9,'c749787f9365655256a9853896ab5608ccc72e52cb9c1352f6d1cab705f67225','Et Musk ? 🦊','["Pourquoi ?"]','fr',1,0.75,12.5,'[[1, 7, 3, 14]]','[["Signal \u00ab Faible \u00bb", null], ["zwei", "2 / 2"]]');
INSERT INTO "answers" VALUES('nothing-answers-','2024-05-17T09:30:00+00:00',9,'e0e11d544597b68f3607bc707888d20ea4a496c3155742301df8e6d7a8aa495f','Who pays?','[]','en',0,0.1,9.0,'[]','null');
CREATE TABLE audit (
	number INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	person INTEGER NOT NULL, 
	deed TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	PRIMARY KEY (number)
);
INSERT INTO "audit" VALUES(1,'2024-05-17T09:30:00+00:00',5,'added','7');
INSERT INTO "audit" VALUES(2,'2024-05-17T09:30:00+00:00',6,'removed','8');
CREATE TABLE ratings (
	"key" TEXT NOT NULL, 
	person TEXT NOT NULL, 
	helpful BOOLEAN NOT NULL, 
	comment TEXT, 
	PRIMARY KEY ("key", person), 
	FOREIGN KEY("key") REFERENCES answers ("key") ON DELETE CASCADE
);
INSERT INTO "ratings" VALUES('answered-by-quot','c749787f9365655256a9853896ab5608ccc72e52cb9c1352f6d1cab705f67225',1,NULL);
INSERT INTO "ratings" VALUES('answered-by-quot','e0e11d544597b68f3607bc707888d20ea4a496c3155742301df8e6d7a8aa495f',0,'l''année est fausse');
CREATE TABLE secrets (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "secrets" VALUES('person','1a40b1f7978efc7fe9146c041b29b448e1731eed4e1d91035a83c4ab7bc290c8');
CREATE TABLE servers (
	server INTEGER NOT NULL, 
	settings JSON NOT NULL, 
	PRIMARY KEY (server)
);
INSERT INTO "servers" VALUES(9,'{"channels": [11, 12], "roles": [21], "log": 31, "cooldown": 2.5}');
CREATE INDEX ix_answers_asked_at ON answers (asked_at);
CREATE INDEX ix_answers_person ON answers (person);
CREATE INDEX ix_ratings_person ON ratings (person);
COMMIT;

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
INSERT INTO "answers" VALUES('answered-by-quot','2024-05-17T09:30:00+00:00',9,'1a82a437a03ba681903108416b50c72a9969ebd0b0a7960de38400ec14f3b48d','Et Musk ? 🦊','["Pourquoi ?"]','fr',1,0.75,12.5,'[[1, 7, 3, 14]]','[["Signal \u00ab Faible \u00bb", null], ["zwei", "2 / 2"]]');
INSERT INTO "answers" VALUES('nothing-answers-','2024-05-17T09:30:00+00:00',9,'9dd76d5ebe5074cf95ef604c10741b35ede900559e9eff02f1fc3603d7f28787','Who pays?','[]','en',0,0.1,9.0,'[]','null');
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
INSERT INTO "ratings" VALUES('answered-by-quot','1a82a437a03ba681903108416b50c72a9969ebd0b0a7960de38400ec14f3b48d',1,NULL);
INSERT INTO "ratings" VALUES('answered-by-quot','9dd76d5ebe5074cf95ef604c10741b35ede900559e9eff02f1fc3603d7f28787',0,'l''année est fausse');
CREATE TABLE secrets (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "secrets" VALUES('person','6cd2cf50623eef50ce547ef4be94a31652d57a7d8242f0eda74c7aee18af1c2a');
CREATE TABLE servers (
	server INTEGER NOT NULL, 
	settings JSON NOT NULL, 
	PRIMARY KEY (server)
);
INSERT INTO "servers" VALUES(9,'{"channels": [11, 12], "roles": [21], "log": 31, "cooldown": 2.5}');
CREATE TABLE wishes (
	"key" TEXT NOT NULL, 
	person TEXT NOT NULL, 
	PRIMARY KEY ("key", person), 
	FOREIGN KEY("key") REFERENCES answers ("key") ON DELETE CASCADE
);
INSERT INTO "wishes" VALUES('nothing-answers-','1a82a437a03ba681903108416b50c72a9969ebd0b0a7960de38400ec14f3b48d');
INSERT INTO "wishes" VALUES('nothing-answers-','9dd76d5ebe5074cf95ef604c10741b35ede900559e9eff02f1fc3603d7f28787');
CREATE INDEX ix_answers_asked_at ON answers (asked_at);
CREATE INDEX ix_answers_person ON answers (person);
CREATE INDEX ix_ratings_person ON ratings (person);
CREATE INDEX ix_wishes_person ON wishes (person);
COMMIT;

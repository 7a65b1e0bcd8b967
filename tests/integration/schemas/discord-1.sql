BEGIN TRANSACTION;
CREATE TABLE answers (
	"key" TEXT NOT NULL, 
	asked_at TEXT NOT NULL, 
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
INSERT INTO "answers" VALUES('answered-by-quot','2024-05-17T09:30:00+00:00','dcb2571ffd692f322ec345835b92a2112fcf2ed3d0831c7e4c217ff6b2042e6b','Et Musk ? 🦊','["Pourquoi ?"]','fr',1,0.75,12.5,'[[1, 7, 3, 14]]','[["Signal \u00ab Faible \u00bb", null], ["zwei", "2 / 2"]]');
INSERT INTO "answers" VALUES('nothing-answers-','2024-05-17T09:30:00+00:00','aa7c1321b09aedbeb594a718af709dfd9bf652811b453d2cbc5e13d8a1f57620','Who pays?','[]','en',0,0.1,9.0,'[]','null');
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
INSERT INTO "ratings" VALUES('answered-by-quot','dcb2571ffd692f322ec345835b92a2112fcf2ed3d0831c7e4c217ff6b2042e6b',1,NULL);
INSERT INTO "ratings" VALUES('answered-by-quot','aa7c1321b09aedbeb594a718af709dfd9bf652811b453d2cbc5e13d8a1f57620',0,'l''année est fausse');
CREATE TABLE secrets (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "secrets" VALUES('person','5fea99a962f10a0bfa4b8840de508d4f0d015ea47f29477b6e6206fbc74ec729');
CREATE INDEX ix_answers_asked_at ON answers (asked_at);
CREATE INDEX ix_answers_person ON answers (person);
CREATE INDEX ix_ratings_person ON ratings (person);
COMMIT;

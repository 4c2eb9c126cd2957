"""How people write in danger, in two languages and as they type; and what they write beside it that is none."""

from __future__ import annotations

EMERGENCY = """
he threw a bottle at me and he is coming up the stairs|he pushed me an is throwing things the girls are hiding
im scared of him tonight|my 6 year old ate one of his gabapentins i think
my daughter drank his whiskey shes 6 and sleepy
he took the girls in the truck and hes drunk|me empujo contra la pared|me avento una botella
estamos escondidas en el baño
le tengo miedo esta noche
the boy got into her klonopin i think he ate one|my grandson swallowed one of her pills|the baby ate a pill
the kid got into the pills|my grandson drank some of her vodka|my little boy ate a gummy of hers and is so sleepy
my grandson swallowed her klonopin pill an hour ago|el niño se tragó una pastilla|mi nieta se comio unas gomitas
she is shaking real bad and seeing bugs on the wall|she is shaking and sees things that are not there
she is hallucinating and shaking since she stopped drinking|she is confused and sweating and shaking really bad
she is seeing bugs|esta temblando y ve cosas|dice que ve arañas en la pared|esta confundido y temblando mucho
she fell down the stairs drunk and hit her head now she is so sleepy|she fell and hit her head
she's seeing people who aren't there
se cayo borracho y se pego en la cabeza|hit her head and is so sleepy
He locked himself in the bathroom with the razor and does not answer me anymore
he has a rope in the garage and said sorry for everything|se encerro en el baño con una navaja
he drove off drunk with the baby in the car|he is driving high with my kids|se fue manejando borracho con el niño
tiene la pistola en la cabeza|echando espuma por la boca|se tiró por la ventana
he does not wake up and he is snoring weird|he is cold and blue|se aventó del puente|se ahorco en el cuarto
she is hanging from the door|no le siento el pulso|he is unresponsive|took like 30 pills|se inyectó demasiado
the kids found her and shes not breathing|she drank a whole bottle of NyQuil|se corto las muñecas
se tomo como 20 pastillas|He drank the whole bottle and won't wake up|im bleeding out
he is on the roof and says he will jump|she took too many of her anxiety pills|not waking up
he's choking on his vomit|esta tirado en el piso y no despierta|my son used fentanyl, not waking up
my brother shot up and now hes blue|quiere tirarse del puente|se tomo todas las pills|ya no respira
se va a aventar del techo|creo que esta muerto|he is stiff and cold|he tied a rope around his neck
my daughter drank bleach|no se mueve|esta frio y no se mueve|tiene una soga en el cuello|se le paro el corazon
me tomé todas mis pastillas|won't wake up|se metió demasiado y no despierta|i cut my wrists|I found him hanging
he is gurgling and wont respond|he isnt moving|Mom took her pills and wont wake up|his face is blue
he jumped off the balcony|took all of his meds and he is on the floor|swallowed the entire bottle
hes cold and not moving|le dio una convulsion|no se quiere despertar|no reacciona|son is blue pls help
i took all my pills|dad is not breathing|mi hijo se tomo todo el bote de pastillas y no se despierta|he shot himself
he collapsed and isnt breathing|se tragó todas sus pastillas|he took the whole bottle
respira muy raro y no despierta|she took a months worth of pills|esta azul|tried to wake him up and he wont
se tomo el frasco entero y no despierta|he cut himself deep and it wont stop bleeding|he put a gun to his head
he is breathing weird and wont wake up|he took the gun out of the drawer|se paso de dosis
he is at the bridge and wants to jump|me corte las venas|isnt waking up help|barely breathing
I took the whole bottle of my meds|casi no respira|He took the whole bottle and wont wake up|se disparo en la cabeza
mi mama se tomo sus pastillas y no despierta|he did too much and wont wake up|he stopped breathing|he hanged himself
gave him narcan and he wont wake up|he loaded the gun|se desmayo y no despierta|tomo muchas pastillas
i think my son is dying|he drank all his methadone|she swallowed everything in the medicine cabinet|no heartbeat
he is waving a gun around|he will not wake|no responde ni abre los ojos|se esta desangrando|she wont open her eyes
he drank antifreeze|he is turning gray|hes got a knife to his throat|she jumped out of the window|she cut her wrists
he stabbed himself|se ahorcó|tomo cloro|she ate rat poison|he is going to jump|no abre los ojos|he took all of them
he is seizing|i gave narcan twice and nothing|se tomó veneno para ratas|le di narcan y no reacciona
he did too much fentanyl|he hung himself in the garage|he doesnt have a pulse|He fell and won't wake up
se puso morado|perdio el conocimiento|he has my dads gun|sigue dormido y no lo podemos despertar|i think he is dead
not breathing|se tomo toda la botella y no despierta|se dio un tiro|he slashed his wrists|se cortó las venas
no a despertado desde que se inyecto|theres blood everywhere he cut his arm|creo que se esta muriendo
se tomó todo el frasco|consumio otra vez y no reacciona|wont respond to me and lips blue
she took every pill in the house|he finished the whole bottle of pills|he took 20 xanax|sacó el cuchillo|she's blue
i think hes overdosing|she passed out and wont get up|se corto los brazos y esta sangrando mucho
She has taken her entire prescription bottle|he is nodding off and not breathing right|she slit her wrists
agarro la pistola de su papa|lo encontre colgado|se esta muriendo|he locked himself in the bathroom with a knife
he shot up and is not responding|I think he took too many|cant wake mom|just swallowed a bunch of tylenol
doesnt wake up|we cant get her to wake up|her lips are turning purple|shes passed out and i cant wake her
esta morado y no respira|He used again and is not waking up|took his whole prescription at once
she is bleeding a lot from her wrists|he aint waking up|hes not wakin up plz|hubby wont wake
my husbnd took sum pills and cant wake him|idk what to do hes blue and not breathing right
my son drank the whole bottle of vodka and is not responding|she took the rest of her sleeping pills
he emptied the bottle of pills|He has swallowed all the tablets|she swallowed her pills all of them
he downed a bottle of pills|the bottle of pills is empty and she wont wake up
my dad took all his heart medicine at once|he took a whole bunch of pills|he's unconscious|he cut his veins
there is a lot of blood|i found my daughter hanging in the closet|he is trying to hang himself right now
he tied a belt around his neck|she wants to jump off the roof|he jumped from a bridge|she jumped in front of a car
he has a gun and is very angry|he got a knife from the kitchen|gun to my head|he is gonna shoot me
he shot my brother|my son is cold i cant feel a pulse|hes barely breathing and his lips are purple
he took fentanyl and went limp|she is limp|he fell down the stairs and isnt moving|her eyes rolled back
his eyes are rolling back and hes shaking|throwing up blood|he mixed pills with alcohol and passed out
he stopped breathing but is back|He wont respond|she doesnt respond to anything|no despierta mi esposo
mi esposo no quiere despertar se tomo unas pastillas|mi hija se corto|se corto las benas
se tomo un bote entero de tylenol|se trago un monton de pastillas|ingirio veneno|esta inconciente|se desmayo
mi hijo esta morado ayuda|tiene los labios azules|no esta reacionando|esta sangrando mucho de los brazos
trae un arma y dice que nos va a matar|se colgo en el baño
lo hallamos colgado en el closet|se tiro del balcon|se aventó al tren|se metio fentanilo y no responde
esta bien frio y no respira|se me esta muriendo mi hijo|le puse narcan y nada|llevo rato y no lo despierto
no puedo despertar a mi mama|no me contesta y esta tirado en el baño|se tomo cloro
Please hurry my wife took all of her blood pressure pills|We found him in the car with a hose from the exhaust
he drank windshield washer fluid|My brother is turning blue|he is breathing but wont wake up
She won't wake up after taking her pills|I gave him two doses of narcan and he is still out
his breathing is really slow|I can't get my son to wake up|my roommate is overdosing|he took a handful of Klonopin
he smoked fentanyl and is turning blue|they found him with a needle in his arm not breathing|she has cut both wrists
he is cutting his wrists right now|he threatened to shoot himself|he has a loaded gun in his lap
he is holding a knife to my mom|my husband is strangling me|she is standing on the bridge|he walked into traffic
he wants to jump in front of a train|he hung himself but we cut him down|he swallowed batteries
I just took the whole bottle. I'm sorry|I took too many pills on purpose|I am bleeding and cant stop it
mi hermano se pico y esta azul|mi esposa se tomo toda la caja de clonazepam|mi papa no respira bien y esta morado
no puedo despertarla y esta fria|tiene los ojos en blanco|esta convulsionando en el piso
se esta ahogando con su vomito|se trago las pastillas de mi mama|se tomo mas de 30 tylenol
mi hijo dice que se va a tirar del puente|esta arriba del techo y dice que se avienta|se dio un balazo
se corto el cuello|mi novio me esta ahorcando|tiene un cuchillo en el cuello|no ha despertado desde anoche
"""
SUICIDE = """
se quiere matar con un cuchillo|dice que mejor se muere|ya no quiero estar aqui|he tried to kill himself tonight
everyone would be better off if i was dead|she is going to cut her wrists|thinking about killing herself
dice que se va a quitar la vida|i have a plan to kill myself|i just want to die already|intento matarse
he left a note saying goodbye|ojala no despertara|he wants to end his life tonight|quiere acabar con su vida
se corta los brazos|preferiria estar muerto|pienso en matarme|se quiere cortar las venas|se quiso matar
she tried to hang herself|she wrote a goodbye letter to the kids|he says he wont be here tomorrow
dice que ya no quiere vivir|i wish i didnt wake up|i dont want to be here anymore|im going to end myself
she said she is going to take all her pills|dejó una carta de despedida|he tried to end it|dice que se va a colgar
"""
ORDINARY = """
my sister pushed me to call you|he pushed me toward treatment|my daughter drank whiskey she is 6 months sober
my son ate his pills like he should|i threw a party at my house|she took the kids in the car to school
im scared of the cost|he has the kids with him on weekends|no me empuje a decidir
my child saw a bug|she shakes her head when i ask|he fell behind in school|the boy got into a good school
the kids ate dinner|my son got into drugs at 14|the baby drank her formula|we keep seeing bugs in the apartment
my girl ate all her lunch|he drove to high school with the kids|she locked the meds in a box with a key
the rope swing broke and he said sorry|i am confused about the forms|my kid drank root beer|el niño comio bien hoy
se cayo el sistema|ve muchas peliculas|i fell asleep|my daughter hit her goals|he shook hands with the nurse
i see people at the meeting every week|she sweats at night|the toddler got into the program
I was left hanging by the insurance|he is dying to get in|he hurt his wrist at work|I jumped the gun, sorry
they put him on hold|mi tio se esta muriendo de cancer|I took my pills this morning|no response from the program yet
no se mueve la lista de espera|the baby takes a bottle at night|he isn't waking up on time for group
he stabbed me in the back|se tomó toda la leche|the program isn't responding to us|me corte el dedo hace un mes
Where do we put his pills?|no responde el telefono|He takes his pills every morning|se tomó todo el jugo
He has Blue Shield|it is the blue house on the corner|It is cold in the waiting room
She is not breathing a word about it|she won't open the door to me|He does not want to take pills
I did too much for him|his eyes are blue|We keep narcan at home|no responde mis mensajes|no se mueve de la casa
se tiró a dormir|She cut her hair|he is cold to me since he left|esta muerta de miedo
la botella de agua esta en la mesa|we are not moving to Fresno|tiene los ojos azules|we cut off contact
No hay camas en el programa|She shot me a text|He quit cold turkey|he took the narcan class|He hung up on me
he gets a Vivitrol shot every month|Is breathing class part of the program?|es el edificio morado
His pills are in a lock box|I swallowed my pride and called|Things are not moving forward|the building is blue
wake me up when there is news|she finished the whole bottle of Gatorade|se despidió y entró al programa
se tiro en la cama a llorar|He drank a whole bottle of water|es muy frío conmigo|he jumped off the wagon
se desmayó el año pasado|no se despierta temprano|He got his flu shot|se disparó la renta
He turned gray early, like his dad|se cortó el pelo|donde consigo narcan|está colgada la página de internet
hanging in there, thank you|they cut his hours at work|We are bleeding money|he did too much at work
we jumped through hoops for the referral|esta frio el cuarto|toma pastillas para dormir
she took her pills as prescribed|tengo un corte de pelo|se toma todas sus medicinas|se metió demasiado en mis cosas
I tried to wake him up early and he was grumpy|the website is not responding|He took too many days off work
está muerto de hambre|he doesn't respond to my texts|she's not awake yet, call after nine|se cortó la llamada
vive en la casa azul|me muero de ganas de verlo|He is asleep now, call later
he shot himself in the foot with that employer|me colgó el teléfono|He is dead set on leaving
he cut his finger cooking last month|he passed out flyers at church|se colgó la página|se corto la luz
He is hanging out with old friends|se paró el carro|he has bleeding gums|We have Anthem Blue Cross
his phone was dead, call me|the wake is on Friday|se tomo un te y se durmio
the pharmacy was out of his whole prescription|Her wrist is broken and in a cast|He drinks a bottle of vodka a day
cuantas pastillas puede llevar|He takes methadone every day|his uncle is dying of cancer
we found him a place to live|she doesn't wake up until ten|his skin looks better and he sleeps
se tomó sus pastillas con el desayuno|she is feeling blue|He had cold feet about treatment
no puede despertar temprano para el trabajo|Can he bring his pill bottle to the program?|his case isn't moving
he collapsed in tears|he is not moving out|He jumped at the chance|he has trouble waking up early for work
se despierta tarde|Where can we get Narcan?|se tomó el día libre|how many pills may he bring|she hung up the phone
He won't wake up before noon|el programa no me abre la puerta|hace frío en la sala
he wrote a goodbye letter to alcohol in group|tiene buen pulso|su papa esta muerto desde 2015
she took too many classes|He said goodbye and went in to treatment|she has a cold|no abre la boca en la terapia
He took his meds and feels better|We poured out every bottle in the house|he has a knife collection locked away
my phone is dead|I cannot wake up without coffee|we woke him up and he went to work
She took her whole family to the meeting|he took the whole week off|he drank the whole time we were there
she drank a whole bottle of juice|He takes too many pills, we want help|He used to take too many pills
He's been taking pills for years|how many bottles of water should he pack|He works with knives, he is a cook
he is a hunter and his rifles are locked in the safe|He jumped for joy when the program said yes
She jumped into treatment right away|Can he jump the line?|he wears a blue shirt|we have a blue car
The blue form is not signed|It is getting cold at night and he sleeps outside|they cut his benefits
our coverage was cut|the cuts in his program|hang on, I will send the card|he hung his coat up|Our call was cut off
The line went dead|His mother is dead|his dad died when he was ten|she is dying her hair
He cannot move to another county|he can't move in yet|She is not moving forward with the plan
He breathes with a machine at night|she breathed a sigh of relief|he has asthma and an inhaler
She bled a little after the blood test|he needs blood work|Do they take blood pressure pills?
He is at the bridge program|he is on the roofing crew|we cross the bridge to get there|He fell off the wagon in May
he fell asleep in the car|his eyes are open to the problem|he won't open up|He is not responding well to the meds
The meds are not working|he found his pills and flushed them|I found a bottle in his room|I found pills in her bag
He was given narcan last year|no puedo abrir la pagina|se cortaron las horas|se corta la llamada cuando les marco
me corto el pelo yo sola|se tomo la tarde libre|se tomo una foto|se toma dos pastillas al dia|ya se tomo la pastilla
no toma agua|esta muy frio el agua|vive por el puente|trabaja arreglando techos|trabaja en un edificio azul
se cayo del techo el ano pasado|se tiro el cafe|quiere brincar de alegria|no despierta interes|no le abre a nadie
su papa se murio en mayo|tiene la sangre tipo o|le van a sacar sangre|es asmatico y respira mejor ahora
mi hijo no responde al tratamiento|el cuchillo de la cocina no corta|colgo las fotos|se colgo el sistema
He takes the whole family to church|we took all of our questions to the doctor|she takes all her meds with breakfast
He took all three classes|I took the whole day to think|Can somebody pick up his pills?
he is cold, he needs a blanket|The shower is cold and the room is small|The wristband at the concert
his arm is cut from work and healing|he is not moving in with us|we moved to Blue Street
he wants to jump into a program|she hung up when I asked|We hang out at the park|he was hanging with bad people
my son was shot at last year|my nephew was stabbed in 2019|he is dead tired after work
They told me the program is dead|he sleeps a lot and wakes up late|does he wake up at night?|wake up time is 7
He stopped breathing treatments|he snores|He is out of pills|her pills ran out on Friday
they gave us narcan to take home|se toma las pastillas en la mañana|no toma sus pastillas|se cortó la comunicación
nos cortaron el agua|se pone azul cuando hace frio el rio|tiene una camisa morada
esta en el techo arreglando la antena|se tiro la leche|el puente esta cerrado|no se despierta hasta las diez
respira hondo en la clase|colgué el teléfono
"""

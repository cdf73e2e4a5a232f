/** Streams that bzip2 1.0.8 made of little texts, for tests on machines without it. `stream` is base64. */
export const goldenStreams: readonly {
  readonly name: string;
  readonly blocks: number;
  readonly stream: string;
}[] = [
  { name: 'nothing', blocks: 0, stream: 'QlpoORdyRThQkAAAAAA=' },
  { name: 'one byte', blocks: 1, stream: 'QlpoOTFBWSZTWRmTm2sAAAABACAAIAAhGEaC7kinChIDMnNtYA==' },
  { name: 'a tag', blocks: 1, stream: 'QlpoOTFBWSZTWUQ2wAwAAADJgAAQAAUigEAAIAAxDAENManKAHi7kinChIIhtgBg' },
  {
    name: 'a title',
    blocks: 1,
    stream:
      'QlpoOTFBWSZTWZWjPm8AAAPfgEAQQACABQACQAAipUQAIAAxTAATQaCNDAibBkoOmdWQmX1vIsUWAZOGg+LuSKcKEh' + 'K0Z83g',
  },
  { name: 'equal bytes', blocks: 1, stream: 'QlpoOTFBWSZTWUvxLK0AAADQAMAAACAACCAAISZBmKgOLuSKcKEgl+JZWg==' },
  {
    name: 'Greek',
    blocks: 1,
    stream:
      'QlpoOTFBWSZTWa3PkhYAABuQfEBgYIABAAAApooAAaAAMUwAE0G1KMBoepgggYk0hKpJklHTQyTgzYyBnhdyRThQkK' + '3PkhY=',
  },
  {
    name: 'two blocks of level 1',
    blocks: 2,
    stream:
      'QlpoMTFBWSZTWU8mB4UALZAZgEAEf+AjodkAQAKYDqAgUAGI000aFABiNNNGgmqpNR6P1JNpGj0gUqk36qgyAGhoVK' +
      'HJUoeSpQ8lShvwiusK0hWkK7QrIVvCu8K2hX1CvEK4hXWFZCshXSFZCshWQrEViKxFYitoViKxFYitUViKxFYisRWI' +
      'rEV8wrEViKxFYivhFYisRWIrrKOsoyoyoyoyoyo7FShwivW8K3hW6K3RWso8FRlRpRpRyUFlRlR0VGlGlHQQWVGVGl' +
      'HKo0o4QFlRlRpRpRgkucqOJRpRpRlRlRpRpRpRlRlRpRpRpRlRlRpRpRpRlRxKOFRlRpRpR3pShsVKHoqUOaUoclSh' +
      '/FSh+0pQ90pQ1FSh3KlD3oVKGhUoaCpQ7FSh0pShxSlD/MUFZJlNZtSzS6ABgLhmAQAR/4COh2QBAAlxwiICgAxGmm' +
      'jQoAMRppo0E1VVG/9VUaf+qkaYmmApUj1UZqek0DE0UQeZRB9SiD6lEHdJ7pNJNJOiTqk4SfCTlJ2SfKTuk6JOEnCT' +
      'ZJwk6S6S6S4lxLiX5kuJcS4l4EuJcS4lxLiXEvxJcS4lxLiWJcS4lxLiXEtJaS0lpLSXefMog7pOUnKTmk5pN0mJMS' +
      'ZSZSbkSxJiTZJlJlJsJLEmJMpN0mUn2hJpLSWJYlqiNJaSxLEtJaSxLEsS0lpLEsSxLSWksSxLKTEmkmkmJMpMpM8S' +
      'iD+lEH7KIPJRB5lEHiUQeCiD0UQbxRB2SiD0UQaiiDqqha0qRNiiDuUQf4u5IpwoSBWwbvEA',
  },
];
